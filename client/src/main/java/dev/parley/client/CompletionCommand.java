package dev.parley.client;

import dev.parley.client.command.Context;
import dev.parley.client.command.ExitCode;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code parley completion}. */
@Command(
        name = "completion",
        description = {
            "Print a completion script for a shell.",
            "bash: source <(parley completion bash)",
            "zsh:  source <(parley completion zsh)"
        })
final class CompletionCommand implements Callable<Integer> {
    enum Shell {
        BASH,
        ZSH
    }

    private final Context context;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell;

    CompletionCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        String script = AutoComplete.bash("parley", Commands.all(context));
        if (shell == Shell.ZSH) {
            // The script is bash's; zsh understands it through its own emulation.
            context.line("autoload -U +X compinit && compinit");
            context.line("autoload -U +X bashcompinit && bashcompinit");
        }
        context.terminal().out().print(script);
        return ExitCode.OK;
    }
}
