package org.smscallbacks.karaf;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Parser;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.smscallbacks.config.Settings;
import org.smscallbacks.operator.command.SmsCommand;
import picocli.CommandLine;

/** The operator's commands in Karaf's shell: <code>bin/sms dead list crm</code> is <code>sms:dead-list crm</code> here. */
final class ShellCommands extends ServiceTracker<SessionFactory, SessionFactory> {

    private final List<Command> commands = new ArrayList<>();

    /** <code>settings</code>: of the gateway that runs. */
    ShellCommands(BundleContext context, Supplier<Settings> settings) {
        super(context, SessionFactory.class, null);
        var paths = new TreeMap<String, List<String>>();
        collect(new CommandLine(new SmsCommand(settings)), List.of(), paths);
        paths.forEach((name, path) -> commands.add(new ShellCommand(name, path, settings)));
    }

    private static void collect(CommandLine command, List<String> path, Map<String, List<String>> paths) {
        if (command.getSubcommands().isEmpty()) {
            paths.put(String.join("-", path), path);
        }
        command.getSubcommands().forEach((name, subcommand) -> {
            var longer = new ArrayList<>(path);
            longer.add(name);
            collect(subcommand, longer, paths);
        });
    }

    @Override
    public SessionFactory addingService(ServiceReference<SessionFactory> reference) {
        var shell = super.addingService(reference);
        commands.forEach(shell.getRegistry()::register);
        return shell;
    }

    @Override
    public void removedService(ServiceReference<SessionFactory> reference, SessionFactory shell) {
        commands.forEach(shell.getRegistry()::unregister);
        super.removedService(reference, shell);
    }

    private record ShellCommand(String name, List<String> path, Supplier<Settings> settings) implements Command {

        @Override
        public String getScope() {
            return "sms";
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public String getDescription() {
            var command = new CommandLine(new SmsCommand(settings));
            for (var part : path) {
                command = command.getSubcommands().get(part);
            }
            return String.join(" ", command.getCommandSpec().usageMessage().description());
        }

        @Override
        public Completer getCompleter(boolean scoped) {
            return null;
        }

        @Override
        public Parser getParser() {
            return null;
        }

        @Override
        public Object execute(Session session, List<Object> arguments) {
            var line = new ArrayList<>(path);
            arguments.forEach(argument -> line.add(String.valueOf(argument)));
            var console = new PrintWriter(session.getConsole(), true);
            var thread = Thread.currentThread();
            var loader = thread.getContextClassLoader();
            thread.setContextClassLoader(ShellCommands.class.getClassLoader());
            try {
                new SmsCommand(settings).run(console, console, line.toArray(String[]::new));
            } finally {
                thread.setContextClassLoader(loader);
                console.flush();
            }
            return null;
        }
    }
}
