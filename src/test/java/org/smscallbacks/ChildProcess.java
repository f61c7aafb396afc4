package org.smscallbacks;

import java.io.IOException;

/** Starts processes that end with this JVM, also when it is killed. */
final class ChildProcess {

    /** With the options of the JVMs of the tests. */
    static final String JAVA_OPTS = "-Xmx768m " + System.getProperty("test.jvm.options", "");

    private ChildProcess() {}

    static Process start(ProcessBuilder builder) throws IOException {
        var process = builder.start();
        // its input ends when this JVM does
        var watch = new ProcessBuilder("sh", "-c", "read nothing; kill -9 " + process.pid()).start();
        process.onExit().thenRun(watch::destroyForcibly);
        return process;
    }
}
