package dev.parley.client;

import dev.parley.client.command.Context;
import dev.parley.client.command.ExitCode;
import dev.parley.client.command.Failure;
import dev.parley.client.command.StatusCommand;
import dev.parley.client.demo.DemoCommand;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * All commands. Each is made only when it is the one asked for: picocli reads a command's annotations when it is added,
 * and most of a command's time is its start.
 */
final class Commands {
    private static final Map<String, Function<Context, Object>> TABLE = table();

    private Commands() {}

    private static Map<String, Function<Context, Object>> table() {
        Map<String, Function<Context, Object>> table = new LinkedHashMap<>();
        table.put("demo", DemoCommand::new);
        table.put("status", StatusCommand::new);
        return table;
    }

    /** Runs a command line; the exit code. */
    static int run(Context context, String... arguments) {
        boolean one = arguments.length > 0 && TABLE.containsKey(arguments[0]);
        CommandLine line = one ? only(context, arguments[0]) : arguments.length == 0 ? top(context) : all(context);
        line.setOut(new PrintWriter(context.terminal().out(), true));
        line.setErr(new PrintWriter(context.terminal().err(), true));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((e, args) -> report(context, e));
        line.setExecutionExceptionHandler((e, command, parsed) -> context.report(Failure.of(e)));
        return line.execute(arguments);
    }

    /** With every command: for help, suggestions and completion. */
    static CommandLine all(Context context) {
        CommandLine line = top(context);
        TABLE.forEach((name, command) -> line.addSubcommand(name, command.apply(context)));
        return line;
    }

    static int menu(Context context) {
        throw new UnsupportedOperationException();
    }

    private static CommandLine only(Context context, String name) {
        return top(context).addSubcommand(name, TABLE.get(name).apply(context));
    }

    private static CommandLine top(Context context) {
        return new CommandLine(new Parley(context));
    }

    private static int report(Context context, ParameterException e) {
        String message = decapitalised(e.getMessage());
        String hint = "`" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help` shows what it takes";
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            hint = "did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
        }
        return context.report(new Failure(ExitCode.USAGE, "usage", message, hint));
    }

    private static String decapitalised(String message) {
        return message.isEmpty() ? message : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }
}
