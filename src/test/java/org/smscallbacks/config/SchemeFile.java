package org.smscallbacks.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;

/** A provider's folder with one signature scheme. */
final class SchemeFile {

    private SchemeFile() {}

    /** @param lines without the name of the scheme; of two with the same key the last one counts */
    static SignatureScheme of(Path folder, String... lines) throws IOException {
        var keys = new LinkedHashMap<String, String>();
        for (var line : lines) {
            keys.put(line.substring(0, line.indexOf('=')), "s." + line + "\n");
        }
        Files.writeString(folder.resolve("signatures.properties"), String.join("", keys.values()));
        return new SignatureFile(folder).scheme("s");
    }
}
