package org.smscallbacks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/** Says at the end of the build which test classes took the longest, so that the next slow one is seen. */
public final class SlowestTests {

    private static final int MOST = 10;
    private static final String PACKAGE = SlowestTests.class.getPackageName() + ".";

    private record Suite(String name, double seconds) {}

    private SlowestTests() {}

    /** @param folders where Maven's reports are; one that is not there has none */
    public static void main(String... folders) throws Exception {
        var suites = new ArrayList<Suite>();
        for (var folder : folders) {
            for (var report : reports(Path.of(folder))) {
                suites.add(read(report));
            }
        }
        if (!suites.isEmpty()) {
            System.out.println("The slowest test classes, in seconds:");
        }
        suites.stream()
                .sorted(Comparator.comparingDouble(Suite::seconds).reversed())
                .limit(MOST)
                .forEach(suite ->
                        System.out.println(String.format(Locale.ROOT, "%6.0f  %s", suite.seconds(), suite.name())));
    }

    private static List<File> reports(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.map(Path::toFile)
                    .filter(file -> file.getName().matches("TEST-.*\\.xml"))
                    .toList();
        }
    }

    private static Suite read(File report) throws Exception {
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report)
                .getDocumentElement();
        return new Suite(
                suite.getAttribute("name").replace(PACKAGE, ""), Double.parseDouble(suite.getAttribute("time")));
    }
}
