package org.smscallbacks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.smscallbacks.config.Settings;
import org.smscallbacks.gateway.Gateway;

/** No process of its own: the gateway is an object, and an edit of its settings is seen when it reloads. */
final class HomeInThisJvm implements Home {

    private static final Path LOG = Path.of(System.getProperty("gateway.log"));

    @Override
    public Gateway start(Path folder, Properties settings) throws Exception {
        var stepsRun = new Properties();
        stepsRun.setProperty("camel.beans.stepsRun", "#class:" + StepsRun.class.getName());
        TestGateway.write(stepsRun, folder.resolve("application.properties"));
        var gateway = new Gateway(() -> Settings.load(folder, Map.of(), settings));
        gateway.start();
        return gateway;
    }

    @Override
    public List<String> log() throws IOException {
        return Files.readAllLines(LOG);
    }
}
