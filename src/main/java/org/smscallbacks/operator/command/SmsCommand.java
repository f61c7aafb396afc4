package org.smscallbacks.operator.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.smscallbacks.broker.QueueControl;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Settings;
import org.smscallbacks.config.TrailSettings;
import org.smscallbacks.operator.BrokerAccess;
import org.smscallbacks.operator.NotFoundException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The operator's command <code>sms</code>: it talks to the broker only, so it works beside a gateway and without one. */
@Command(
        name = "sms",
        description = "Looks after the queues of SMS Callback Routes: what waits, what is dead, not recognised"
                + " or rejected.",
        subcommands = {
            QueuesCommand.class,
            FindCommand.class,
            CheckCommand.class,
            SimulateCommand.class,
            TryCommand.class,
            DeadCommand.class,
            UnrecognisedCommand.class,
            RefusedCommand.class,
            TargetCommand.class
        },
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:nothing matched, there is no such event, queue or target, or what was tried is not as it should be",
            "2:wrong usage or configuration",
            "3:the broker cannot be reached or refuses",
            "4:interrupted or partly done; what was done is said, repeat the command for the rest"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sms queues",
            "  sms dead list crm --since 2h --answer 503",
            "  sms unrecognised replay --provider infobip --dry-run",
            "  sms target pause crm"
        })
public final class SmsCommand {

    private static final long LAST_SECONDS = 60;

    @Mixin
    private BrokerOptions broker;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "JSON instead of text: a document, from list one a line, and errors on stderr too")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private final Map<String, String> environment;
    private final Supplier<Settings> running;
    private volatile boolean stopped;

    /** A command whose settings these environment variables override. */
    public SmsCommand(Map<String, String> environment) {
        this.environment = environment;
        this.running = null;
    }

    /** A command for a gateway in the same process, with its settings unless <code>--config</code> names others. */
    public SmsCommand(Supplier<Settings> running) {
        this.environment = Map.of();
        this.running = running;
    }

    /** Runs one command in this terminal and ends with its exit code. */
    public static void main(String[] args) {
        var out = new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        var command = new SmsCommand(System.getenv());
        var ended = new CountDownLatch(1);
        var code = new int[] {Exit.PARTLY};
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            command.stop();
            try {
                ended.await(LAST_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            // after a signal the JVM would give a code of its own
            Runtime.getRuntime().halt(code[0]);
        }));
        code[0] = command.run(out, err, args);
        out.flush();
        err.flush();
        ended.countDown();
        System.exit(code[0]);
    }

    /**
     * Runs one command.
     *
     * @return the exit code, as <code>--help</code> lists them
     */
    public int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(this)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false)
                .setParameterExceptionHandler((e, wrong) -> {
                    json |= List.of(wrong).contains("--json");
                    return fail(
                            err,
                            Exit.WRONG_USAGE,
                            e.getMessage() + "; see "
                                    + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
                })
                .setExecutionExceptionHandler((e, line, parsed) -> fail(err, e))
                .execute(args);
    }

    /** Has a command that takes long stop where it can be repeated. */
    public void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    boolean isJson() {
        return json;
    }

    /** All that is configured. */
    Settings settings() {
        return broker.settings(environment, running);
    }

    /** What is configured of the trail. */
    TrailSettings trail() {
        return broker.trail(environment, running);
    }

    /** What a command does with the broker. */
    interface Work {
        int with(BrokerAccess access, ConnectionFactory connections) throws Exception;
    }

    int withBroker(Work work) throws Exception {
        var access = broker.access(environment, running);
        try (var connections = access.connections()) {
            sayIfARestartIsDue(connections);
            return work.with(access, connections);
        } catch (JMSException e) {
            throw BrokerException.of(e, access);
        }
    }

    /** The gateway makes all its queues when it starts: one that is not there was written into the file since. */
    private void sayIfARestartIsDue(ConnectionFactory connections) throws JMSException {
        var absent = new TreeSet<>(broker.writtenQueues(environment, running));
        if (!absent.isEmpty()) {
            absent.removeAll(new QueueControl(connections).counts().keySet());
        }
        if (!absent.isEmpty()) {
            var note = "the configuration names " + String.join(", ", absent)
                    + ", and the gateway was started with other queues: this command goes by the configuration, the gateway does so after a"
                    + " restart only";
            var err = spec.commandLine().getErr();
            err.println(json ? JsonNodeFactory.instance.objectNode().put("note", note) : "sms: " + note);
        }
    }

    private int fail(PrintWriter err, Exception failure) {
        if (failure instanceof NotFoundException) {
            return fail(err, Exit.NOT_FOUND, failure.getMessage());
        }
        if (failure instanceof ConfigurationException) {
            return fail(err, Exit.WRONG_USAGE, failure.getMessage());
        }
        if (failure instanceof BrokerException) {
            return fail(err, Exit.BROKER, failure.getMessage());
        }
        if (failure instanceof UncheckedIOException) {
            return fail(err, Exit.PARTLY, failure.getCause().getMessage());
        }
        return fail(err, Exit.BROKER, "unexpected: " + failure);
    }

    /** One line that says what to do. */
    int fail(PrintWriter err, int code, String message) {
        if (json) {
            var error = JsonNodeFactory.instance.objectNode();
            error.putObject("error").put("code", code).put("message", message);
            err.println(error);
        } else {
            err.println("sms: " + message);
        }
        return code;
    }

    static String firstLine(Exception failure) {
        var message = String.valueOf(failure.getMessage());
        return message.lines().findFirst().orElse(failure.getClass().getSimpleName());
    }
}
