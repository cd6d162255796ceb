package dev.parley.client.command;

import dev.parley.admin.ForgiveReply;
import dev.parley.admin.ForgiveRequest;
import dev.parley.admin.LimitsInfo;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Table;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code parley limits}: what strangers may cost, and who is held back. */
@Command(
        name = "limits",
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "Show how near the node is to its limits, and which addresses it holds back.",
            "Cost is what an address's strangers did to the node: 1 is about a millisecond of computing."
        })
public final class LimitsCommand implements Callable<Integer> {
    private final Context context;

    public LimitsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        context.answer(context.node().get(LimitsInfo.class, "/limits"), this::print);
        return ExitCode.OK;
    }

    @Command(description = "Hold nothing against an address any more.")
    int forgive(@Parameters(paramLabel = "ADDRESS", description = "IPv4, IPv6, or the /64 of one.") String address)
            throws IOException {
        Answer<ForgiveReply> answer =
                context.node().post(ForgiveReply.class, "/limits/forgive", new ForgiveRequest(address), Node.SHORT);
        context.answer(
                answer,
                done -> context.line("forgave " + Plain.line(done.address()) + " a cost of " + done.cost()
                        + (done.wasHeldBack() ? ", it is held back no longer" : "")));
        return ExitCode.OK;
    }

    private void print(LimitsInfo limits) {
        Table use = new Table("LIMIT", "USED", "MAX", "OF ONE ADDRESS");
        limits.limits()
                .forEach(each -> use.row(each.name().replace('-', ' '), each.used(), each.max(), each.perAddress()));
        context.table(use);
        context.line("");
        context.line("refused      "
                + limits.refused().entrySet().stream()
                        .map(each -> each.getValue() + " " + Plain.line(each.getKey()))
                        .collect(Collectors.joining(", ")));
        context.line("held back    from a cost of " + limits.threshold() + " on, which halves in "
                + Words.duration(Duration.ofMillis(limits.halfLifeMillis())));
        context.line("");
        if (limits.heldBack().isEmpty()) {
            context.line("no address is held back");
            return;
        }
        Table held = new Table("ADDRESS", "COST", "REFUSED", "SINCE", "FREE", "TRUSTED PEERS THERE");
        for (LimitsInfo.HeldBack each : limits.heldBack()) {
            held.row(
                    each.address(),
                    each.cost(),
                    each.refused(),
                    Words.ago(each.since(), context.now()),
                    Words.in(each.freeAt(), context.now()),
                    each.trusted() ? "yes, served" : "no");
        }
        context.table(held);
        int left = limits.heldBackTotal() - limits.heldBack().size();
        if (left > 0) {
            context.note("and " + left + " that cost less");
        }
    }
}
