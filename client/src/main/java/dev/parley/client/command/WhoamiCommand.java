package dev.parley.client.command;

import dev.parley.admin.CallerInfo;
import dev.parley.client.text.Words;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code parley whoami}: as whom the node sees this user. */
@Command(name = "whoami", description = "Show as whom the node sees you, and what you may do there.")
public final class WhoamiCommand implements Callable<Integer> {
    private final Context context;

    public WhoamiCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        context.answer(
                context.node().get(CallerInfo.class, "/caller"),
                you -> context.line("user " + you.uid() + ", group " + you.gid() + ", process " + you.pid() + ": "
                        + Words.of(you.permission())));
        return ExitCode.OK;
    }
}
