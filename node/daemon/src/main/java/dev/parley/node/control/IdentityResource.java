package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.IdentityChangeReply;
import dev.parley.admin.IdentityExport;
import dev.parley.admin.IdentityInfo;
import dev.parley.admin.RotateRequest;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.config.TrustMode;
import dev.parley.protocol.crypto.PeerId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Changes of the identity key. Passphrases come as bytes, not as JSON: a string could not be wiped. */
@Path(AdminApi.BASE + "/identity")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class IdentityResource {
    private static final Duration USUAL_GRACE = Duration.ofDays(7);
    private static final Duration LEAST_GRACE = Duration.ofHours(1);
    private static final Duration MOST_GRACE = Duration.ofDays(365);
    /** The succession that the old key signs is nothing to peers who go by certificates. */
    private static final String OF_A_FLEET =
            "peers in trust mode ca let the new key in only with a certificate for it: after that start run `parley identity csr`,"
                    + " have the authority issue, and put the certificate where parley.identity.certificate says (FLEET.md)";

    private static final int PASSPHRASE_AT_LEAST = 12;
    private static final int BODY_AT_MOST = 64 << 10;

    private final IdentityKeeper keeper;
    private final NodeFacts facts;
    private final StatusResource status;
    private final ParleyConfig config;

    IdentityResource(IdentityKeeper keeper, NodeFacts facts, StatusResource status, ParleyConfig config) {
        this.config = config;
        this.keeper = keeper;
        this.facts = facts;
        this.status = status;
    }

    @GET
    @Operation(summary = "what to give to others, so that they can tell this node from any other")
    public IdentityInfo show() {
        return status.identity();
    }

    @POST
    @Path("/rotate")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "make the next identity key, named by the present one, for the next start")
    public IdentityChangeReply rotate(RotateRequest body) throws IOException {
        String text = Optional.ofNullable(body).map(RotateRequest::grace).orElse(null);
        Duration grace = text == null ? USUAL_GRACE : Parameters.duration("grace", text, MOST_GRACE);
        if (grace.compareTo(LEAST_GRACE) < 0) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "grace: at least an hour, or no peer learns of the change");
        }
        PeerId own = own();
        return reply(own, keeper.rotate(grace), isOfAFleet() ? OF_A_FLEET : null);
    }

    @DELETE
    @Path("/next")
    @Operation(summary = "destroy the identity key that was prepared for the next start")
    public IdentityChangeReply cancel() throws IOException {
        keeper.cancel();
        return reply(own(), null, null);
    }

    @POST
    @Path("/export")
    @Consumes(AdminApi.BYTES)
    @Operation(summary = "the identity key under the passphrase that is the body")
    public IdentityExport export(byte[] body) {
        char[] passphrase = characters(bounded(body), 0, body.length);
        if (passphrase.length < PASSPHRASE_AT_LEAST) {
            Arrays.fill(passphrase, '\0');
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "the passphrase is too short: at least " + PASSPHRASE_AT_LEAST + " characters",
                    "several words that were drawn by lot are good ones");
        }
        String own = own().toString();
        return new IdentityExport(own, keeper.export(passphrase));
    }

    @POST
    @Path("/import")
    @Consumes(AdminApi.BYTES)
    @Operation(
            summary =
                    "have an exported identity key take effect at the next start; the body: passphrase, newline, file")
    public IdentityChangeReply importKey(byte[] body, @QueryParam("replace") boolean replace) throws IOException {
        int newline = 0;
        while (newline < bounded(body).length && body[newline] != '\n') {
            newline++;
        }
        if (newline == body.length) {
            Arrays.fill(body, (byte) 0);
            throw new ApiException(ErrorCode.MALFORMED_REQUEST, "the body is not a passphrase, a newline and a file");
        }
        String pem = new String(body, newline + 1, body.length - newline - 1, StandardCharsets.US_ASCII);
        char[] passphrase = characters(body, 0, newline);
        PeerId own = own();
        try {
            return reply(own, keeper.importKey(pem, passphrase, replace), isOfAFleet() ? OF_A_FLEET : null);
        } catch (IllegalArgumentException wrong) {
            throw new ApiException(ErrorCode.IDENTITY_INVALID, wrong.getMessage());
        }
    }

    /** Decodes and wipes. */
    private static char[] characters(byte[] body, int from, int to) {
        try {
            CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body, from, to - from));
            char[] characters = new char[decoded.remaining()];
            decoded.get(characters);
            Arrays.fill(decoded.array(), '\0');
            return characters;
        } catch (CharacterCodingException e) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "the passphrase is not UTF-8");
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }

    private static byte[] bounded(byte[] body) {
        if (Parameters.body(body).length > BODY_AT_MOST) {
            throw Problems.requestTooLarge("this one " + BODY_AT_MOST);
        }
        return body;
    }

    private PeerId own() {
        if (!facts.ready()) {
            throw new ApiException(ErrorCode.NODE_BUSY, "the node is starting", "try again in a moment");
        }
        return facts.identity().peerId();
    }

    private boolean isOfAFleet() {
        return config.trust().mode() == TrustMode.CA
                || config.identity().certificate().isPresent();
    }

    private static IdentityChangeReply reply(PeerId own, PeerId next, String note) {
        return new IdentityChangeReply(own.toString(), next == null ? null : next.toString(), note);
    }
}
