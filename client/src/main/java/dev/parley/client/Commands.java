package dev.parley.client;

import dev.parley.client.attack.AttackCommand;
import dev.parley.client.chat.ChatCommand;
import dev.parley.client.chat.Menu;
import dev.parley.client.command.AuditCommand;
import dev.parley.client.command.BackupCommand;
import dev.parley.client.command.BroadcastCommand;
import dev.parley.client.command.CaCommand;
import dev.parley.client.command.CancelCommand;
import dev.parley.client.command.ConnectCommand;
import dev.parley.client.command.ConnectionsCommand;
import dev.parley.client.command.Context;
import dev.parley.client.command.DisconnectCommand;
import dev.parley.client.command.DoctorCommand;
import dev.parley.client.command.ExitCode;
import dev.parley.client.command.Failure;
import dev.parley.client.command.FilesCommand;
import dev.parley.client.command.GroupsCommand;
import dev.parley.client.command.HistoryCommand;
import dev.parley.client.command.IdentityCommand;
import dev.parley.client.command.LimitsCommand;
import dev.parley.client.command.MessageCommand;
import dev.parley.client.command.MessagesCommand;
import dev.parley.client.command.PeersCommand;
import dev.parley.client.command.ProveCommand;
import dev.parley.client.command.RestoreCommand;
import dev.parley.client.command.SendCommand;
import dev.parley.client.command.SessionsCommand;
import dev.parley.client.command.StatusCommand;
import dev.parley.client.command.StoreCommand;
import dev.parley.client.command.UnreadCommand;
import dev.parley.client.command.VerifyCommand;
import dev.parley.client.command.VersionCommand;
import dev.parley.client.command.WatchCommand;
import dev.parley.client.command.WhoamiCommand;
import dev.parley.client.demo.DemoCommand;
import dev.parley.client.lab.LabCommand;
import dev.parley.client.top.TopCommand;
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
        table.put("status", StatusCommand::new);
        table.put("doctor", DoctorCommand::new);
        table.put("connect", ConnectCommand::new);
        table.put("disconnect", DisconnectCommand::new);
        table.put("sessions", SessionsCommand::new);
        table.put("connections", ConnectionsCommand::new);
        table.put("peers", PeersCommand::new);
        table.put("verify", VerifyCommand::new);
        table.put("send", SendCommand::new);
        table.put("broadcast", BroadcastCommand::new);
        table.put("messages", MessagesCommand::new);
        table.put("message", MessageCommand::new);
        table.put("cancel", CancelCommand::new);
        table.put("history", HistoryCommand::new);
        table.put("unread", UnreadCommand::new);
        table.put("groups", GroupsCommand::new);
        table.put("files", FilesCommand::with);
        table.put("watch", WatchCommand::new);
        table.put("top", TopCommand::new);
        table.put("chat", ChatCommand::new);
        table.put("store", StoreCommand::new);
        table.put("backup", BackupCommand::new);
        table.put("restore", RestoreCommand::new);
        table.put("audit", AuditCommand::with);
        table.put("prove", ProveCommand::new);
        table.put("limits", LimitsCommand::new);
        table.put("whoami", WhoamiCommand::new);
        table.put("identity", IdentityCommand::new);
        table.put("ca", CaCommand::new);
        table.put("completion", CompletionCommand::new);
        table.put("version", VersionCommand::new);
        table.put("demo", DemoCommand::new);
        table.put("lab", LabCommand::with);
        table.put("attack", AttackCommand::with);
        return table;
    }

    /** Runs a command line; the exit code. */
    static int run(Context context, String... arguments) {
        boolean one = arguments.length > 0 && TABLE.containsKey(arguments[0]);
        CommandLine line = one ? only(context, arguments[0]) : arguments.length == 0 ? top(context) : all(context);
        line.setOut(new PrintWriter(context.terminal().out(), true));
        line.setErr(new PrintWriter(context.terminal().err(), true));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        // For picocli @FILE is a file of arguments; for us it is a message.
        line.setExpandAtFiles(false);
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

    static int menu(Context context) throws Exception {
        return new Menu(context).run();
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
            hint = "did you mean " + unmatched.getSuggestions().getFirst() + "?";
        }
        return context.report(new Failure(ExitCode.USAGE, "usage", message, hint));
    }

    private static String decapitalised(String message) {
        return message.isEmpty() ? message : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }
}
