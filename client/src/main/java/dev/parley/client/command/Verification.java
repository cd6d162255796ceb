package dev.parley.client.command;

import dev.parley.admin.PeerInfo;
import dev.parley.admin.SafetyInfo;
import dev.parley.admin.VerifyRequest;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.QrText;
import java.io.IOException;
import picocli.CommandLine.Option;

/** Compares the keys of this node and a peer: what {@code parley verify} and {@code parley peers verify} have in common. */
final class Verification {
    private static final int GROUP = 5;
    private static final int GROUPS_A_LINE = 6;

    @Option(
            names = {"-y", "--yes"},
            description = "It was compared: do not ask.")
    private boolean yes;

    @Option(
            names = "--number",
            paramLabel = "DIGITS",
            description = "The safety number as the peer's operator has it; another than ours is an error.")
    private String number;

    @Option(
            names = "--words",
            paramLabel = "WORDS",
            description = "The six words as the peer's operator has them; others than ours are an error.")
    private String words;

    @Option(names = "--show", description = "Show what is to be compared, and nothing else.")
    private boolean show;

    int run(Context context, String peer) throws IOException {
        String path = "/peers/" + PeerRef.encoded(peer);
        if (show) {
            context.answer(context.node().get(SafetyInfo.class, path + "/safety"), info -> print(context, info, true));
            return ExitCode.OK;
        }
        String how = null;
        if (number == null && words == null && !yes) {
            how = compare(context, path, peer);
        }
        VerifyRequest request =
                number == null && words == null && how == null ? null : new VerifyRequest(number, words, how);
        Answer<PeerInfo> answer = context.node().post(PeerInfo.class, path + "/verify", request, Node.SHORT);
        context.answer(answer, info -> context.line("verified " + PeerNames.of(info.alias(), info.peerId())));
        return ExitCode.OK;
    }

    private static String compare(Context context, String path, String peer) throws IOException {
        if (!context.terminal().interactive() || context.json()) {
            throw Failure.usage(
                    "to verify is to have compared the keys over another channel, and nobody can be asked whether they were",
                    "compare what `parley verify " + Plain.line(peer)
                            + " --show` prints, then pass --yes; or pass --number or --words as the peer's operator has them");
        }
        print(context, context.node().get(SafetyInfo.class, path + "/safety").value(), false);
        String answer = context.ask("does its operator see the same? [n]o, [y]es the number, [w]ords, [q]r code: ");
        String how = switch (answer == null ? "" : answer.toLowerCase(java.util.Locale.ROOT)) {
            case "y", "yes", "number" -> "number";
            case "w", "words" -> "words";
            case "q", "qr" -> "qr";
            default -> null;
        };
        if (how == null) {
            throw new Failure(
                    ExitCode.NOT_TRUSTED,
                    "not-verified",
                    "not verified",
                    "if they differ, somebody may be in between: `parley peers block " + Plain.line(peer) + "`");
        }
        return how;
    }

    /** @param answer whether it is the answer, or only shown on the way to a question */
    private static void print(Context context, SafetyInfo info, boolean answer) {
        if (context.terminal().outIsTerminal()) {
            QrText.of(info.uri(), context.terminal().columns())
                    .ifPresent(lines -> lines.forEach(line -> say(context, answer, line)));
        }
        say(context, answer, "");
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < info.number().length(); i += GROUP) {
            line.append(i % (GROUP * GROUPS_A_LINE) == 0 ? "  " : " ")
                    .append(info.number(), i, Math.min(i + GROUP, info.number().length()));
            if ((i / GROUP + 1) % GROUPS_A_LINE == 0) {
                say(context, answer, Plain.line(line.toString()));
                line.setLength(0);
            }
        }
        if (!line.isEmpty()) {
            say(context, answer, Plain.line(line.toString()));
        }
        say(context, answer, "");
        say(context, answer, "  " + Plain.line(String.join(" ", info.words())));
        say(context, answer, "");
        say(
                context,
                answer,
                "between this node and " + PeerNames.of(info.alias(), info.peerId())
                        + ": its operator sees the same with" + " `parley verify`, if nobody is in between");
    }

    private static void say(Context context, boolean answer, String line) {
        if (answer) {
            context.line(line);
        } else {
            context.note(line);
        }
    }
}
