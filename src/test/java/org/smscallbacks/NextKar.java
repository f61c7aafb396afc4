package org.smscallbacks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** The KAR of a version that is not there yet: this one's, with another number and one mapping that is new. */
final class NextKar {

    static final String VERSION = "99.0.0";

    /** What has changed. */
    static final String MAPPING = "webcom-mobi/inbound-message.jslt";

    /** Where the bundle is in it. */
    static final String BUNDLE =
            "repository/org/smscallbacks/sms-callback-routes/VERSION/sms-callback-routes-VERSION-karaf.jar"
                    .replace("VERSION", VERSION);

    private NextKar() {}

    /** Writes it into the folder, and gives where. */
    static Path of(Path kar, Path folder) throws IOException {
        var name = kar.getFileName().toString();
        var version = name.substring("sms-callback-routes-".length(), name.length() - ".kar".length());
        var next = folder.resolve(name.replace(version, VERSION));
        try (var in = new ZipInputStream(Files.newInputStream(kar));
                var out = new ZipOutputStream(Files.newOutputStream(next))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                var nextName = entry.getName().replace(version, VERSION);
                out.putNextEntry(new ZipEntry(nextName));
                if (nextName.endsWith("-karaf.jar")) {
                    copyBundle(in, out);
                } else if (nextName.endsWith("-features.xml")) {
                    var features = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                    out.write(features.replace(version, VERSION).getBytes(StandardCharsets.UTF_8));
                } else {
                    in.transferTo(out);
                }
            }
        }
        return next;
    }

    private static void copyBundle(ZipInputStream kar, OutputStream out) throws IOException {
        var in = new JarInputStream(kar);
        var manifest = in.getManifest();
        manifest.getMainAttributes().putValue("Bundle-Version", VERSION);
        var bundle = new JarOutputStream(out, manifest);
        for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
            bundle.putNextEntry(new ZipEntry(entry.getName()));
            in.transferTo(bundle);
            if (entry.getName().equals("routes/" + MAPPING)) {
                bundle.write("// new\n".getBytes(StandardCharsets.UTF_8));
            }
        }
        // the streams below are the caller's
        bundle.finish();
    }
}
