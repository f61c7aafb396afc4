package org.smscallbacks.trail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The folder of a trail: a file a day, and the key of its hashes. */
final class TrailFolder {

    static final String LOCK = "lock";

    private static final String KEY = "key";
    private static final String ENDING = ".jsonl";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int HASH_BYTES = 16;

    private final Path folder;

    TrailFolder(Path folder) {
        this.folder = folder;
    }

    Path path() {
        return folder;
    }

    /** The file of a day, in UTC; an operator's commands, which run beside the gateway, have one of their own. */
    Path file(LocalDate day, String writer) {
        return folder.resolve(day + writer + ENDING);
    }

    /** All files, the oldest first. */
    Map<Path, LocalDate> files() throws IOException {
        var files = new TreeMap<Path, LocalDate>();
        try (var all = Files.newDirectoryStream(folder, "*" + ENDING)) {
            for (var file : all) {
                var day = day(file.getFileName().toString());
                if (day != null) {
                    files.put(file, day);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Map.of();
        }
        return files;
    }

    private static LocalDate day(String name) {
        try {
            return LocalDate.parse(name.substring(0, Math.min(10, name.length())));
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Removes the files of days before this one. */
    void forget(LocalDate before) throws IOException {
        for (var file : files().entrySet()) {
            if (file.getValue().isBefore(before)) {
                Files.deleteIfExists(file.getKey());
            }
        }
    }

    /** Makes the key when there is none; it is there as a whole, or not at all. */
    void createKey() throws IOException {
        if (hasKey()) {
            return;
        }
        var key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        var made = Files.createTempFile(folder, KEY, null);
        Files.writeString(made, HexFormat.of().formatHex(key));
        Files.move(made, folder.resolve(KEY), StandardCopyOption.ATOMIC_MOVE);
    }

    boolean hasKey() {
        var key = folder.resolve(KEY).toFile();
        return key.canRead() && key.length() > 0;
    }

    /** Makes the keyed hash of a text, by which it can be found and not read. */
    Hash hash() throws IOException {
        try {
            var key = HexFormat.of()
                    .parseHex(Files.readString(folder.resolve(KEY), StandardCharsets.US_ASCII)
                            .strip());
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return new Hash(mac);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("no key is in " + folder.resolve(KEY), e);
        }
    }

    /** Used by one thread. */
    record Hash(Mac mac) {
        String of(String text) {
            var whole = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(whole, 0, HASH_BYTES);
        }
    }
}
