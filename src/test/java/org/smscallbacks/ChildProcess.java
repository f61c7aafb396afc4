package org.smscallbacks;

import java.io.IOException;

/** Starts processes that end with this JVM, also when it is killed. */
final class ChildProcess {

    /** For a Java that does not live long: it compiles at once instead of well. */
    static final String JAVA_OPTS = "-Xmx768m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private ChildProcess() {}

    static Process start(ProcessBuilder builder) throws IOException {
        var process = builder.start();
        // its input ends when this JVM does
        var watch = new ProcessBuilder("sh", "-c", "read nothing; kill -9 " + process.pid()).start();
        process.onExit().thenRun(watch::destroyForcibly);
        return process;
    }
}
