package dev.parley.client.command;

import dev.parley.admin.ErrorCode;
import dev.parley.admin.SessionInfo;
import dev.parley.client.http.Request;
import dev.parley.client.node.Node;
import dev.parley.client.node.ProblemException;
import dev.parley.client.text.Plain;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code parley disconnect}. */
@Command(
        name = "disconnect",
        description = {
            "End sessions, and stop reconnecting.",
            "A peer that dials by itself may come back: `parley peers block` keeps it out."
        })
public final class DisconnectCommand implements Callable<Integer> {
    private static final String UUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    private final Context context;

    @Parameters(
            paramLabel = "PEER|HOST:PORT|SESSION",
            description = "Alias, id, unique beginning of the id, address, or session.")
    private String what;

    public DisconnectCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        Node node = context.node();
        int closed = what.matches(UUID) ? closeSession(node) : closeAll(node);
        if (context.json()) {
            context.json(Map.of("disconnected", what));
        } else {
            context.line("disconnected " + Plain.line(what) + (closed > 1 ? " (" + closed + " sessions)" : ""));
        }
        return ExitCode.OK;
    }

    private int closeSession(Node node) throws IOException {
        node.delete("/sessions/" + what);
        return 1;
    }

    /** What the node keeps connected, and the sessions that the peer has dialed. */
    private int closeAll(Node node) throws IOException {
        ProblemException notKept = null;
        try {
            node.delete("/connections/" + Request.encode(PeerRef.of(what)));
        } catch (ProblemException e) {
            if (!e.is(ErrorCode.CONNECTION_NOT_FOUND) && !e.is(ErrorCode.PEER_NOT_FOUND)) {
                throw e;
            }
            notKept = e;
        }
        int closed = 0;
        List<SessionInfo> sessions = node.list(SessionInfo.class, "/sessions").value();
        for (SessionInfo session : sessions) {
            if (what.equals(session.remoteAddress()) || PeerRef.fits(what, session.alias(), session.peerId())) {
                closed += close(node, session);
            }
        }
        if (notKept != null && closed == 0) {
            throw notKept;
        }
        return closed;
    }

    private static int close(Node node, SessionInfo session) throws IOException {
        try {
            node.delete("/sessions/" + session.sessionId());
            return 1;
        } catch (ProblemException e) {
            if (e.is(ErrorCode.SESSION_NOT_FOUND)) {
                return 0;
            }
            throw e;
        }
    }
}
