package dev.parley.client.command;

import dev.parley.client.http.Request;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The options that say which lines of net.log are wanted. */
final class AuditFilter {
    @Option(
            names = "--event",
            paramLabel = "NAME",
            description = "Only events whose name begins so, or fits this pattern with * and ?. May be given again.")
    private List<String> events = List.of();

    @Option(names = "--peer", paramLabel = "PEER", description = PeerRef.DESCRIPTION)
    private String peer;

    @Option(
            names = "--session",
            paramLabel = "ID",
            description = "Only those of this session: its id, or its beginning.")
    private String session;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Not before: how long ago (2h, 7d), a day (2026-01-31), or an instant.")
    private String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Before this time.")
    private String until;

    @Option(names = "--text", paramLabel = "TEXT", description = "Only those with this text in a field.")
    private String text;

    @Option(names = "--level", paramLabel = "LEVEL", description = "At least this: info, warn or alarm.")
    private String level;

    /** @param limit the last so many; 0 for all */
    String query(Context context, int limit) {
        StringBuilder query = new StringBuilder("?limit=").append(limit);
        for (String each : events) {
            parameter(query, "event", each);
        }
        parameter(query, "level", level == null ? null : level.toUpperCase(Locale.ROOT));
        parameter(query, "peer", peer == null ? null : PeerRef.of(peer));
        parameter(query, "session", session);
        parameter(query, "since", moment(context, "--since", since));
        parameter(query, "until", moment(context, "--until", until));
        parameter(query, "text", text);
        return query.toString();
    }

    private static String moment(Context context, String option, String text) {
        return text == null
                ? null
                : Moment.of(option, text, context.now(), context.terminal().zone())
                        .toString();
    }

    private static void parameter(StringBuilder query, String name, String value) {
        if (value != null) {
            query.append('&').append(name).append('=').append(Request.encode(value));
        }
    }
}
