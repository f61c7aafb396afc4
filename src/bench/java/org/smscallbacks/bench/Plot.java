package org.smscallbacks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Bars of the events a second of each contender, a group for each cell, on a logarithmic scale, as SVG. */
final class Plot {

    private static final List<String> COLOURS =
            List.of("#d1495b", "#30638e", "#003d5b", "#66a182", "#8d99ae", "#edae49", "#00798c");
    private static final int BAR = 9;
    private static final int GAP = 22;
    private static final int NAME = 120;
    private static final int HEIGHT = 300;
    private static final int LEFT = 70;
    private static final int TOP = 50;
    private static final int LOWEST_POWER = 1;
    private static final int HIGHEST_POWER = 5;

    private Plot() {}

    static void write(Path file, Samples samples, List<String> contenders) throws IOException {
        var cells = samples.cells();
        int group = contenders.size() * BAR + GAP;
        int width = LEFT + Math.max(cells.size() * group + GAP, contenders.size() * NAME);
        var svg = new StringBuilder();
        svg.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"11\">\n"
                        .formatted(width, TOP + HEIGHT + 50));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        for (int i = 0; i < contenders.size(); i++) {
            svg.append(
                    "<rect x=\"%d\" y=\"12\" width=\"10\" height=\"10\" fill=\"%s\"/><text x=\"%d\" y=\"21\">%s</text>\n"
                            .formatted(LEFT + i * NAME, COLOURS.get(i), LEFT + 14 + i * NAME, contenders.get(i)));
        }
        for (int power = LOWEST_POWER; power <= HIGHEST_POWER; power++) {
            int y = y(Math.pow(10, power));
            svg.append(
                    "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%2$d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%,d</text>\n"
                            .formatted(LEFT, y, width, LEFT - 6, y + 4, (long) Math.pow(10, power)));
        }
        for (int cell = 0; cell < cells.size(); cell++) {
            int x = LEFT + GAP / 2 + cell * group;
            for (int i = 0; i < contenders.size(); i++) {
                double rate = samples.median(cells.get(cell), contenders.get(i));
                if (!Double.isNaN(rate)) {
                    svg.append("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n"
                            .formatted(x + i * BAR, y(rate), BAR - 1, TOP + HEIGHT - y(rate), COLOURS.get(i)));
                }
            }
            svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n"
                    .formatted(x + contenders.size() * BAR / 2, TOP + HEIGHT + 16, cells.get(cell)));
        }
        svg.append("<text x=\"%d\" y=\"%d\">events a second, by items in a callback × connections</text>\n</svg>\n"
                .formatted(LEFT, TOP + HEIGHT + 38));
        Files.writeString(file, svg);
    }

    private static int y(double rate) {
        double power = Math.log10(Math.max(rate, 10));
        return TOP + (int) (HEIGHT * (HIGHEST_POWER - power) / (HIGHEST_POWER - LOWEST_POWER));
    }
}
