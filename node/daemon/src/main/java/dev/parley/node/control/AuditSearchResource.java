package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.node.audit.Level;
import dev.parley.node.audit.LogQuery;
import dev.parley.node.audit.LogSearch;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.trust.PeerException;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Looks through net.log. On platform threads: it works as hard as the disk allows, which others must not wait for. */
@Path(AdminApi.BASE + "/audit/search")
class AuditSearchResource {
    private static final int MAX_FOUND = 1_000_000;
    private static final int MAX_EVENTS = 100;
    private static final int MAX_TEXT = 1_000;
    /** Each reads all that is on the disk, and takes a core for it. */
    private static final int SEARCHES = 2;

    private final LogSearch search;
    private final KnownPeers peers;
    private final OpenStreams streams;
    private final Semaphore searches = new Semaphore(SEARCHES);

    AuditSearchResource(ParleyConfig config, KnownPeers peers, OpenStreams streams) {
        this.peers = peers;
        this.streams = streams;
        search = new LogSearch(config.dataDir().resolve("net.log"));
    }

    @GET
    @Produces(AdminApi.NDJSON)
    @Blocking
    @Operation(summary = "lines of all files of net.log that fit, as they are, the oldest first")
    public StreamingOutput search(
            @QueryParam("event") List<String> events,
            @QueryParam("level") String level,
            @QueryParam("peer") String peer,
            @QueryParam("session") String session,
            @QueryParam("since") String since,
            @QueryParam("until") String until,
            @QueryParam("text") String text,
            @QueryParam("limit") @DefaultValue("0") String limit,
            RoutingContext routing) {
        int last = Parameters.number("limit", limit, 0, MAX_FOUND);
        var query = new LogQuery(
                events(events),
                level == null ? null : Parameters.choice("level", level, Level.class),
                peer == null ? null : peerId(peer),
                session == null ? null : beginning("session", session, "[0-9a-fA-F-]{4,36}", "the id of a session"),
                since == null ? null : Parameters.instant("since", since),
                until == null ? null : Parameters.instant("until", until),
                text == null ? null : beginning("text", text, ".{1," + MAX_TEXT + "}", "1 to 1,000 characters"));
        if (!searches.tryAcquire()) {
            throw new ApiException(
                    ErrorCode.NODE_BUSY, "net.log is being searched already", "try again when that is done");
        }
        Connections.closeAfter(routing);
        var wanted = new AtomicBoolean(true);
        var left = new AtomicBoolean();
        // The answer may never begin: its reader is gone, and nobody calls what is below.
        Connections.onClose(routing.request().connection(), () -> {
            wanted.set(false);
            leave(left);
        });
        return out -> {
            streams.begun();
            try {
                search.copy(query, last, () -> wanted.get() && !streams.isStopping(), out);
                if (streams.isStopping()) {
                    throw new IOException("the node stops: not all of it was searched");
                }
            } catch (IOException gone) {
                Connections.abort(routing.request().connection());
            } finally {
                leave(left);
                streams.ended();
            }
        };
    }

    private void leave(AtomicBoolean left) {
        if (left.compareAndSet(false, true)) {
            searches.release();
        }
    }

    private static List<String> events(List<String> names) {
        if (names.size() > MAX_EVENTS) {
            throw Parameters.invalid("event", "given " + MAX_EVENTS + " times at most");
        }
        return names.stream()
                .map(each ->
                        beginning("event", each, "[A-Za-z_*?-]{1,64}", "the beginning of a name, or one with * and ?"))
                .toList();
    }

    private static String beginning(String name, String value, String shape, String wanted) {
        if (!value.matches(shape)) {
            throw Parameters.invalid(name, wanted);
        }
        return value;
    }

    /** Also of a peer that is not known: the log remembers those who were turned away, and those who were forgotten. */
    private String peerId(String ref) {
        try {
            return peers.resolve(ref).id().toString();
        } catch (PeerException unknown) {
            if (ref.matches("[a-z2-7]{8,52}")) {
                return ref;
            }
            throw unknown;
        }
    }
}
