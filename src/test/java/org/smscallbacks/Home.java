package org.smscallbacks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.camel.util.FileUtil;

/**
 * Where the gateways of the tests run. What callers and consumers see must be the same in each: the tests of that run in all of them,
 * told apart by the system property <code>home</code>.
 */
interface Home {

    /** The one all gateways of this JVM's tests run in. */
    Home CHOSEN =
            switch (System.getProperty("home", "")) {
                case "distribution" -> new DistributionHome();
                case "karaf" -> new KarafHome();
                default -> new HomeInThisJvm();
            };

    /**
     * Starts a gateway; when this returns it takes callbacks.
     *
     * @param folder its configuration
     * @param settings what overrides that
     * @return what stops it
     */
    AutoCloseable start(Path folder, Properties settings) throws Exception;

    /** All that its gateways have logged. */
    List<String> log() throws IOException;

    /** One under <code>target</code>, without what an earlier run left in it. */
    static Path emptyFolder(String name) throws IOException {
        var folder = Path.of("target", name).toAbsolutePath();
        FileUtil.removeDir(folder.toFile());
        return Files.createDirectories(folder);
    }
}
