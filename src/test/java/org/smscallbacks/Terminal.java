package org.smscallbacks;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.smscallbacks.config.Settings;
import org.smscallbacks.operator.command.SmsCommand;

/** Runs the operator's command as a terminal does, but inside the test. */
final class Terminal {

    private final String[] connection;

    private Terminal(String... connection) {
        this.connection = connection;
    }

    /** What a command left. */
    record Output(int code, String out, String err) {

        /** What it said on both streams, for the message of a test that fails. */
        @Override
        public String toString() {
            return "exit code " + code + "\n" + out + err;
        }
    }

    /** At the broker of this gateway, as its operator. */
    static Terminal at(TestGateway gateway) {
        return new Terminal(
                "--broker",
                "tcp://127.0.0.1:" + gateway.brokerPort(),
                "--user",
                "operator",
                "--password",
                Settings.DEMO_SECRET);
    }

    /** With these options before every command. */
    static Terminal with(String... options) {
        return new Terminal(options);
    }

    Output run(String... arguments) {
        return run(new SmsCommand(Map.of()), new StringWriter(), arguments);
    }

    /** The same, where the test wants to do something when something is said. */
    Output run(SmsCommand command, StringWriter err, String... arguments) {
        var out = new StringWriter();
        var all = new String[arguments.length + connection.length];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        System.arraycopy(connection, 0, all, arguments.length, connection.length);
        int code = command.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
        return new Output(code, out.toString(), err.toString());
    }
}
