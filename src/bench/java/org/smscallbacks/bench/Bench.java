package org.smscallbacks.bench;

import java.nio.file.Path;
import java.util.List;

public final class Bench {
    public static void main(String[] args) throws Exception {
        var folder = Path.of(args[0]);
        var contenders = new Contenders(folder.resolve("dist"), folder.resolve("homes"), folder.resolve("classes"), folder.resolve("spring"));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> contenders.all().forEach(Contender::kill)));
        contenders.start(List.of(args[1].split(",")));
        var t = new Throughput(contenders);
        t.warmUp(Long.parseLong(args[2]));
        var cells = new java.util.ArrayList<Throughput.Cell>();
        for (var c : args[3].split(",")) { var p = c.split("x"); cells.add(new Throughput.Cell(Integer.parseInt(p[0]), Integer.parseInt(p[1]))); }
        for (int round = 0; round < Integer.parseInt(args[4]); round++) {
            for (var cell : cells) t.measure(round, cell, contenders.all(), Long.parseLong(args[5]));
        }
        for (var cell : cells) { System.out.printf("%-10s", cell);
          for (var c : contenders.all()) System.out.printf("  %s %.0f/s %.0fus r=%s", c.name(), t.eventsPerSecond().median(cell.toString(), c.name()), t.cpuMicros().median(cell.toString(), c.name()), t.eventsPerSecond().ratio(cell.toString(), "us", c.name()));
          System.out.println(); }
        System.exit(0);
    }
}
