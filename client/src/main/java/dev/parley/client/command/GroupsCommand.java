package dev.parley.client.command;

import dev.parley.admin.GroupInfo;
import dev.parley.client.http.Request;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Table;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code parley groups}: named sets of peers. */
@Command(
        name = "groups",
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "List the groups, or change one. `parley send @NAME TEXT` sends to its members.",
            "A group is this node's own: its members do not learn who else is in it."
        })
public final class GroupsCommand implements Callable<Integer> {
    private final Context context;

    public GroupsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        return list();
    }

    @Command(description = "List the groups.")
    int list() throws IOException {
        context.answer(context.node().list(GroupInfo.class, "/groups"), this::print);
        return ExitCode.OK;
    }

    @Command(description = "Show a group and its members.")
    int show(@Parameters(paramLabel = "NAME") String name) throws IOException {
        context.answer(context.node().get(GroupInfo.class, path(name)), this::print);
        return ExitCode.OK;
    }

    @Command(description = "Make a group.")
    int create(
            @Parameters(index = "0", paramLabel = "NAME", description = "Letters, digits, - _ and .") String name,
            @Parameters(index = "1..*", arity = "0..*", paramLabel = "PEER", description = PeerRef.DESCRIPTION)
                    List<String> peers)
            throws IOException {
        Node node = context.node();
        Answer<GroupInfo> answer = node.put(GroupInfo.class, path(name), null);
        for (String peer : peers == null ? List.<String>of() : peers) {
            answer = node.put(GroupInfo.class, member(name, peer), null);
        }
        context.answer(answer, group -> context.line("created " + summary(group)));
        return ExitCode.OK;
    }

    @Command(description = "Put peers into a group.")
    int add(
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "PEER", description = PeerRef.DESCRIPTION)
                    List<String> peers)
            throws IOException {
        Node node = context.node();
        Answer<GroupInfo> answer = null;
        for (String peer : peers) {
            answer = node.put(GroupInfo.class, member(name, peer), null);
        }
        context.answer(answer, group -> context.line(summary(group)));
        return ExitCode.OK;
    }

    @Command(description = "Take peers out of a group.")
    int remove(
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "PEER", description = PeerRef.DESCRIPTION)
                    List<String> peers)
            throws IOException {
        Node node = context.node();
        Answer<GroupInfo> answer = null;
        for (String peer : peers) {
            answer = node.delete(GroupInfo.class, member(name, peer));
        }
        context.answer(answer, group -> context.line(summary(group)));
        return ExitCode.OK;
    }

    @Command(description = "Remove a group; messages to it that wait are still delivered.")
    int delete(@Parameters(paramLabel = "NAME") String name) throws IOException {
        context.node().delete(path(name));
        if (context.json()) {
            context.json(Map.of("deleted", bare(name)));
        } else {
            context.line("deleted @" + Plain.line(bare(name)));
        }
        return ExitCode.OK;
    }

    /** The name as in {@code send @team} is understood too. */
    private static String bare(String name) {
        return name.startsWith("@") ? name.substring(1) : name;
    }

    private static String path(String name) {
        String bare = bare(name);
        // Anything else might be another path; the node names the limits.
        if (!bare.matches("[A-Za-z0-9][A-Za-z0-9._-]{0," + (GroupInfo.MAX_NAME - 1) + "}")) {
            throw Failure.usage(
                    "'" + Plain.line(name) + "' is not the name of a group",
                    "1 to " + GroupInfo.MAX_NAME + " letters, digits, - _ and ., beginning with a letter or digit");
        }
        return "/groups/" + Request.encode(bare);
    }

    private static String member(String name, String peer) {
        return path(name) + "/members/" + PeerRef.encoded(peer);
    }

    private static String summary(GroupInfo group) {
        return "@" + Plain.line(group.name()) + ", "
                + Words.count(group.members().size(), "member");
    }

    private void print(List<GroupInfo> groups) {
        if (groups.isEmpty()) {
            context.note("no groups; `parley groups create NAME PEER...` makes one");
            return;
        }
        Table table = new Table("GROUP", "MEMBERS", "CONNECTED", "WHO");
        for (GroupInfo each : groups) {
            table.row(
                    "@" + each.name(),
                    each.members().size(),
                    each.members().stream().filter(GroupInfo.Member::connected).count(),
                    each.members().stream()
                            .map(member -> PeerNames.of(member.alias(), member.peerId()))
                            .collect(Collectors.joining(", ")));
        }
        context.table(table);
    }

    private void print(GroupInfo group) {
        context.line(summary(group) + ", made " + Words.ago(group.createdAt(), context.now()));
        if (group.members().isEmpty()) {
            return;
        }
        Table table = new Table("PEER", "CONNECTED", "ID");
        group.members()
                .forEach(member -> table.row(
                        PeerNames.of(member.alias(), member.peerId()),
                        member.connected() ? "yes" : "no",
                        member.peerId()));
        context.table(table);
    }
}
