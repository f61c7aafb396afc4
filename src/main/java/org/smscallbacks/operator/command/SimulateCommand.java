package org.smscallbacks.operator.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.smscallbacks.config.HttpSettings;
import org.smscallbacks.simulate.Simulation;
import org.smscallbacks.simulate.Simulation.Order;
import org.smscallbacks.simulate.Tally;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** <code>sms simulate</code>. */
@Command(
        name = "simulate",
        description = {
            "Calls the running gateway as a provider does, with its token and signature.",
            "Sends reports and messages in every form it has, batches, the same once more, late and out of order. Each message has an id",
            "of its own, so nothing is a repetition of an earlier simulation. What is not taken is repeated, as that provider does, after",
            "seconds instead of minutes.",
            "What it sends is stored and delivered like any other callback."
        },
        footer = {
            "  sms simulate infobip",
            "  sms simulate twilio --account main --count 500 --rate 20",
            "  sms simulate kannel --url https://sms.example.com --seed 4711"
        })
final class SimulateCommand implements Callable<Integer> {

    private static final int MOST = 10_000;
    private static final int LAST_PORT = 65_535;
    private static final double LEAST_RATE = 0.1;
    private static final double MOST_RATE = 100;
    private static final long MOST_SEEDS = 1_000_000_000;

    @ParentCommand
    private SmsCommand sms;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "<provider>", description = "Its folder under the routes")
    private String provider;

    @Option(names = "--account", paramLabel = "<account>", description = "Default: the provider's first")
    private String account = "";

    @Option(names = "--count", paramLabel = "<number>", description = "How many callbacks; default: 50")
    private int count = 50;

    @Option(names = "--rate", paramLabel = "<number>", description = "How many in a second, at most 100; default: 5")
    private double rate = 5;

    @Option(
            names = "--url",
            paramLabel = "<url>",
            description = "Scheme, host and port of the gateway; default: the configured ones, on this machine")
    private String url;

    @Option(
            names = "--seed",
            paramLabel = "<number>",
            description = "To send the same once more; default: another each time")
    private Long seed;

    @Option(names = "--examples", paramLabel = "<folder>", description = "What is sent; default: examples")
    private Path examples;

    @Option(
            names = "--timeout",
            paramLabel = "<time>",
            converter = FilterOptions.Span.class,
            description = "How long an answer is waited for; default: 15s")
    private Duration patience = Duration.ofSeconds(15);

    @Option(
            names = "--pause",
            paramLabel = "<time>",
            converter = FilterOptions.Span.class,
            description = "Before the first repetition of what was not taken; default: 1s")
    private Duration pause = Duration.ofSeconds(1);

    @Option(
            names = "--silence",
            paramLabel = "<time>",
            converter = FilterOptions.Span.class,
            description = "How long nobody may answer until it ends; default: 30s, enough for a restart")
    private Duration silence = Duration.ofSeconds(30);

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (count < 1 || count > MOST) {
            throw wrong("--count is from 1 to " + MOST);
        }
        // also for what is no number
        if (!(rate >= LEAST_RATE && rate <= MOST_RATE)) {
            throw wrong("--rate is from 0.1 to 100");
        }
        if (patience.isZero()) {
            throw wrong("--timeout is at least 1s");
        }
        var settings = sms.settings();
        var order = new Order(
                provider,
                account,
                folder(),
                url == null ? own(settings.http()) : given(url),
                count,
                rate,
                seed == null ? (long) (new SecureRandom().nextDouble() * MOST_SEEDS) : seed,
                patience,
                pause,
                silence);
        var simulation = new Simulation(settings, order, sms::isStopped);
        var err = spec.commandLine().getErr();
        var progress = new Progress(err, QueueCommands.isTerminal(), count, "callbacks");
        var tally = simulation.run(progress::at);
        progress.end();
        new SimulationPrinter(spec.commandLine().getOut(), sms.isJson()).print(order, simulation.account(), tally);
        return exit(order, simulation, tally, err);
    }

    private int exit(Order order, Simulation simulation, Tally tally, PrintWriter err) {
        if (simulation.isGatewayDown()) {
            return sms.fail(err, Exit.PARTLY, "nobody answers at " + order.address() + ": does the gateway run?");
        }
        if (sms.isStopped()) {
            return sms.fail(err, Exit.PARTLY, "interrupted");
        }
        if (tally.abandoned() > 0) {
            return sms.fail(
                    err,
                    Exit.PARTLY,
                    tally.abandoned() + " callbacks were not taken: the answers say why, and the gateway's log");
        }
        return Exit.DONE;
    }

    private Path folder() {
        var caller = Path.of(System.getProperty("caller.folder", ""));
        return examples == null ? Path.of("examples") : caller.resolve(examples);
    }

    /** What listens on every address listens on this machine's own as well. */
    private static String own(HttpSettings http) {
        var isEvery = http.host().equals("0.0.0.0") || http.host().equals("::");
        var host = isEvery ? "127.0.0.1" : http.host();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + http.port();
    }

    private String given(String text) {
        if (!text.matches("https?://[A-Za-z0-9.-]+(:\\d{1,5})?/?|https?://\\[[0-9A-Fa-f:.]+](:\\d{1,5})?/?")
                || URI.create(text).getPort() > LAST_PORT) {
            throw wrong("--url is scheme, host and port only: write https://sms.example.com");
        }
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private ParameterException wrong(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
