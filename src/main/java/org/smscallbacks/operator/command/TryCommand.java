package org.smscallbacks.operator.command;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.smscallbacks.gateway.Trial;
import org.smscallbacks.gateway.TrialRequest;
import org.smscallbacks.gateway.TrialResult;
import org.smscallbacks.gateway.Twin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** <code>sms try</code>. */
@Command(
        name = "try",
        description = {
            "What would become of a callback: its events, their queues and targets, the answer, and whatever is wrong, with file and line.",
            "Runs the routes, mappings and tables as they are on the disk. Needs no broker, opens no port, stores and sends nothing."
        },
        footer = {
            "  sms try infobip routes/infobip/sample.json",
            "  sms try bulkgate --query 'smsid=4711&status=1&to=385915550102'",
            "  curl -s https://example.com/report.xml | sms try webcom-mobi - --json",
            "  sms try twilio report.form --account main --sign",
            "  sms try acme acme/one-bad-item.in.json --twin > acme/one-bad-item.out.json",
            "  sms try --all examples"
        })
final class TryCommand implements Callable<Integer> {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @ParentCommand
    private SmsCommand sms;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "<provider>", description = "Its folder under the routes")
    private String provider;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "<file>",
            description = "The body; - for what comes in on stdin. A file named *.query is the query of a GET")
    private String file;

    @Option(names = "--form", paramLabel = "<name>=<value>", description = "A field of a form, instead of a file")
    private List<String> form = List.of();

    @Option(
            names = "--query",
            paramLabel = "<query>",
            description = "What stands in the URL behind the question mark; without a body it is a GET")
    private String query = "";

    @Option(
            names = "--header",
            paramLabel = "<name>: <value>",
            description = "What a signature is over, or a Content-Type that names the charset")
    private List<String> headers = List.of();

    @Option(names = "--account", paramLabel = "<account>", description = "Default: the provider's first")
    private String account = "";

    @Option(names = "--sign", description = "Also show what the provider would add, to be let in as this account")
    private boolean sign;

    @Option(names = "--reveal", description = "Show phone numbers in full")
    private boolean reveal;

    @Option(
            names = "--twin",
            description =
                    "Print what <case>.out.json says when this is what should become of <case>.in.json, with phone numbers in full."
                            + " Read it before you keep it")
    private boolean twin;

    @Option(
            names = "--all",
            paramLabel = "<folder>",
            description =
                    "Each <provider>/<case>.in.json (.xml, .form, .text, .query) in it, held against its <case>.out.json")
    private Path all;

    @Option(
            names = "--timeout",
            paramLabel = "<time>",
            converter = FilterOptions.Span.class,
            description = "How long a callback may take; default: 10s")
    private Duration limit = LIMIT;

    @Override
    public Integer call() throws IOException {
        if (all != null) {
            return tryAll();
        }
        if (provider == null || file == null && form.isEmpty() && query.isEmpty()) {
            throw wrong("say which provider, and what it sends: a file, - for stdin, --form or --query");
        }
        if (twin) {
            return printTwin();
        }
        if (file != null && !form.isEmpty()) {
            throw wrong("a body is either a file or --form");
        }
        var request = request();
        try (var trial = new Trial(sms::settings, limit)) {
            var printer = new TrialPrinter(spec.commandLine().getOut(), sms.isJson(), reveal);
            var result = trial.run(request);
            printer.print(result, sign ? trial.authorised(request) : null);
            return result.isGood() ? Exit.DONE : Exit.NOT_FOUND;
        }
    }

    private int printTwin() throws IOException {
        if (file == null || file.equals("-") || sign || sms.isJson() || !account.isEmpty() || !isAlone()) {
            throw wrong("--twin is of a provider and a file alone");
        }
        contentOf(file);
        var written = Twin.unwritten(fileOf(file).toAbsolutePath());
        try (var trial = new Trial(sms::settings, limit)) {
            var result = trial.run(written.request(provider, null));
            var out = spec.commandLine().getOut();
            out.print(written.written(result.status(), result.answer(), TrialOfAll.stored(result)));
            out.flush();
            return result.isGood() ? Exit.DONE : sayWhatIsWrong(result);
        }
    }

    /** Beside the twin, which may be kept as it is: a case can be of what is not recognised. */
    private int sayWhatIsWrong(TrialResult result) {
        var printer = new TrialPrinter(spec.commandLine().getErr(), false, reveal);
        result.events().forEach(event -> event.problems().forEach(printer::print));
        result.problems().forEach(printer::print);
        return Exit.NOT_FOUND;
    }

    private boolean isAlone() {
        return form.isEmpty() && query.isEmpty() && headers.isEmpty();
    }

    private int tryAll() throws IOException {
        if (provider != null || sign || twin || !isAlone()) {
            throw wrong("--all stands alone");
        }
        try (var trial = new Trial(sms::settings, limit)) {
            return new TrialOfAll(trial, spec.commandLine().getOut(), sms.isJson(), reveal)
                    .run(fileOf(all.toString()), account);
        }
    }

    private TrialRequest request() throws IOException {
        boolean isQuery = file != null && file.endsWith(".query");
        boolean isGet = isQuery || file == null && form.isEmpty();
        var content = file == null ? formBody() : contentOf(file);
        var said = isQuery ? new String(content, StandardCharsets.UTF_8).strip() : query;
        if (isQuery && !query.isEmpty()) {
            said = said.isEmpty() ? query : said + "&" + query;
        }
        return new TrialRequest(provider, account, isGet, said, readHeaders(), isGet ? new byte[0] : content);
    }

    private Map<String, String> readHeaders() {
        var read = new LinkedHashMap<String, String>();
        for (var header : headers) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw wrong("--header " + header + " has no colon: write 'Name: value'");
            }
            read.put(
                    header.substring(0, colon).strip(),
                    header.substring(colon + 1).strip());
        }
        return read;
    }

    private byte[] formBody() {
        var fields = new ArrayList<String>();
        for (var field : form) {
            int equals = field.indexOf('=');
            if (equals < 1) {
                throw wrong("--form " + field + " has no equals sign: write name=value");
            }
            fields.add(URLEncoder.encode(field.substring(0, equals), StandardCharsets.UTF_8) + "="
                    + URLEncoder.encode(field.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return String.join("&", fields).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] contentOf(String name) throws IOException {
        // one byte more than a gateway would take is enough to be told
        int most = (int) Math.min(Integer.MAX_VALUE - 8L, sms.settings().http().maxBody() + 1);
        if (name.equals("-")) {
            return System.in.readNBytes(most);
        }
        var path = fileOf(name);
        if (!Files.isRegularFile(path)) {
            throw wrong(name + (Files.exists(path) ? " is no file" : " is not there"));
        }
        try (InputStream content = Files.newInputStream(path)) {
            return content.readNBytes(most);
        } catch (IOException e) {
            throw wrong(name + " cannot be read");
        }
    }

    /** Where the caller is, and not where the program is. */
    private static Path fileOf(String name) {
        return Path.of(System.getProperty("caller.folder", "")).resolve(name);
    }

    private ParameterException wrong(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
