package dev.parley.client.command;

import dev.parley.admin.HistoryEntry;
import dev.parley.admin.HistoryPage;
import dev.parley.admin.ReadReply;
import dev.parley.admin.ReadRequest;
import dev.parley.client.http.Request;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.text.HistoryText;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Style;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley history}: what was said, both ways. */
@Command(
        name = "history",
        description = {
            "Show the messages with a peer, or with all, in both directions, oldest first.",
            "What came and is shown counts as read from then on, and what is older too; not with --peek, --search or --group."
        })
public final class HistoryCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(arity = "0..1", paramLabel = "PEER", description = PeerRef.DESCRIPTION + " Without it: all.")
    private String peer;

    @Option(names = "--group", paramLabel = "NAME", description = "Only what was sent to this group.")
    private String group;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "At most so many, the latest (default: 50).")
    private int limit = 50;

    @Option(names = "--before", paramLabel = "CURSOR", description = "Only older ones than this.")
    private Long before;

    @Option(names = "--search", paramLabel = "TEXT", description = "Only those with this text in them.")
    private String search;

    @Option(names = "--unread", description = "Only those that came and were not read yet.")
    private boolean unread;

    @Option(names = "--peek", description = "Leave unread what is unread.")
    private boolean peek;

    public HistoryCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (limit < 1) {
            throw Failure.usage("--limit takes a number from 1", null);
        }
        Node node = context.node();
        Answer<HistoryPage> answer = node.get(HistoryPage.class, "/history" + query());
        context.answer(answer, this::print);
        // Found or picked out ones say nothing about those between them.
        if (!peek && search == null && group == null) {
            markRead(node, answer.value().entries());
        }
        return ExitCode.OK;
    }

    private String query() {
        StringBuilder query = new StringBuilder("?limit=").append(limit);
        parameter(query, "peer", peer == null ? null : PeerRef.of(peer));
        parameter(query, "group", group == null ? null : group.replaceFirst("^@", ""));
        parameter(query, "before", before);
        parameter(query, "search", search);
        parameter(query, "unread", unread ? true : null);
        return query.toString();
    }

    private static void parameter(StringBuilder query, String name, Object value) {
        if (value != null) {
            query.append('&').append(name).append('=').append(Request.encode(value.toString()));
        }
    }

    private void print(HistoryPage page) {
        if (page.entries().isEmpty()) {
            context.note(page.incomplete() ? "nothing found so far" : "no messages");
        }
        HistoryText text = new HistoryText(context.terminal().zone(), new Style(context.colour()));
        String day = Words.day(context.now(), context.terminal().zone());
        for (HistoryEntry each : page.entries()) {
            String its = Words.day(each.at(), context.terminal().zone());
            if (!its.equals(day)) {
                context.line(new Style(context.colour()).dim("-- " + its));
                day = its;
            }
            context.line(text.of(each));
        }
        if (page.before() != null) {
            context.note(
                    (page.incomplete() ? "the search went only so far; go on with: " : "older ones: ") + again(page));
        }
    }

    private String again(HistoryPage page) {
        return "parley history" + (peer == null ? "" : " " + quoted(peer))
                + (group == null ? "" : " --group " + quoted(group))
                + (search == null ? "" : " --search " + quoted(search))
                + (unread ? " --unread" : "") + (limit == 50 ? "" : " --limit " + limit)
                + (peek ? " --peek" : "")
                + " --before " + page.before();
    }

    /** For a shell. */
    private static String quoted(String text) {
        return text.matches("[\\w@.,:/+-]+") ? text : "'" + Plain.line(text).replace("'", "'\\''") + "'";
    }

    private void markRead(Node node, List<HistoryEntry> entries) throws IOException {
        long shown = entries.stream()
                .filter(each -> Boolean.TRUE.equals(each.unread()))
                .count();
        if (shown == 0) {
            return;
        }
        long newest = entries.getLast().cursor();
        ReadRequest request = new ReadRequest(peer == null ? null : PeerRef.of(peer), newest);
        long marked = node.post(ReadReply.class, "/history/read", request, Node.SHORT)
                .value()
                .marked();
        if (marked > shown) {
            context.note("what is older counts as read too: " + Words.count(marked - shown, "message") + " more");
        }
    }
}
