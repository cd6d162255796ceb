package dev.parley.lab.attack.stranger;

import dev.parley.authority.Applicant;
import dev.parley.authority.Authority;
import dev.parley.authority.Issued;
import dev.parley.lab.Attack;
import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.weak.Caller;
import dev.parley.lab.control.weak.Curve;
import dev.parley.lab.control.weak.Door;
import dev.parley.lab.foe.Guest;
import dev.parley.lab.foe.Handmade;
import dev.parley.lab.foe.Seen;
import dev.parley.lab.foe.Source;
import dev.parley.lab.foe.Texts;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.IdentitySignature;
import dev.parley.protocol.wire.Record;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Comes to a node of a fleet with a certificate that was good once, that is of somebody else, or with none. */
public final class NotCertified implements Attack {
    private static final int NUMBER = 17;
    private static final int NOT_TRUSTED = 4;
    private static final String TEXT = "my certificate was good once";
    private static final Duration YEAR = Duration.ofDays(365);
    /** A revocation is in force within a second; a busy machine gets more. */
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(10);

    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "refused-by-fleet",
            "an expired certificate, a revoked key, another authority's, or none",
            Position.STRANGER,
            "Keys of its own, with certificates: one that has expired, one whose key is revoked, one of an authority of its own, one that is good"
                    + " until its key is revoked in the middle of a session.",
            List.of(
                    "Do a handshake in good order with each, and send a message behind READY.",
                    "Have the good one's key revoked while its session is up, and send on; come again with a new certificate for the same key."),
            "A certificate says what was so when it was issued. Who looks only at its signature lets in keys that were stolen since; who looks only when"
                    + " a session begins lets them stay.",
            List.of("RFC 5280, section 6", "CWE-298, CWE-299 (expiration and revocation not checked)", "CWE-613"),
            "a door that knows whom it once approved, and never looks at its list of revoked keys",
            Set.of(Defence.REVOCATION),
            List.of(Defence.REVOCATION, Defence.APPROVAL),
            "CLOSE 4 to each of them, in the middle of the session too",
            Set.of("SESSION_REFUSED", "PEER_NOT_CERTIFIED", "PEER_REVOKED"),
            "stranger-refused",
            Duration.ofSeconds(90));

    @Override
    public Dossier dossier() {
        return DOSSIER;
    }

    @Override
    public Set<Defence> concerns() {
        return Door.SWITCHES;
    }

    @Override
    public Trial againstControl(Set<Defence> without, Journal journal) throws Exception {
        try (Door door = Door.open(without)) {
            KeyPair mallory = Curve.generate();
            byte[] key = mallory.getPublic().getEncoded();
            door.approve(key);
            try (Caller before = new Caller(door.address(), without)) {
                if (!before.enter(Caller.Claim.of(mallory))) {
                    return Trial.unclear("the door does not let in whom it approved");
                }
                door.revoke(key);
                journal.defender("revokes a key");
                before.say(TEXT);
            }
            try (Caller again = new Caller(door.address(), without)) {
                boolean in = again.enter(Caller.Claim.of(mallory)) && again.say(TEXT);
                journal.defender(in ? "lets the revoked key in" : "turns the revoked key away");
            }
            return door.said().isEmpty()
                    ? Trial.failed("the door kept nothing of a revoked key")
                    : Trial.succeeded("the door kept what a revoked key said");
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        Path home = stand.directory();
        Instant now = Instant.now();
        Authority past = authority(home.resolve("fleet"), now.minus(Duration.ofDays(30)));
        Authority fleet = Authority.open(home.resolve("fleet"), Clock.systemUTC());
        Authority others = authority(home.resolve("others"), now);
        LiveNode node = stand.add(
                "fleet",
                Map.of(
                        "PARLEY_TRUST_MODE",
                        "ca",
                        "PARLEY_AUDIT_STRANGERS_WINDOW",
                        "1s",
                        "PARLEY_TRUST_CA_ANCHORS",
                        fleet.certificateFile().toString(),
                        "PARLEY_TRUST_CA_REVOKED",
                        fleet.revokedFile().toString()));
        Source source = Source.fresh(NUMBER);

        IdentityKey expired = Guest.newKey();
        IdentityKey revoked = Guest.newKey();
        IdentityKey stranger = Guest.newKey();
        IdentityKey nobody = Guest.newKey();
        Map<String, Visitor> refused = new LinkedHashMap<>();
        refused.put("with no certificate", new Visitor(nobody, List.of()));
        refused.put("with an expired certificate", new Visitor(expired, chain(past, expired, Duration.ofDays(1))));
        refused.put("of another authority", new Visitor(stranger, chain(others, stranger, Duration.ofDays(1))));
        List<byte[]> good = chain(fleet, revoked, Duration.ofDays(1));

        try (Guest member = Guest.join(node.address(), source, revoked, "member", good)) {
            if (!member.isLetIn(Handmade.PATIENCE)) {
                return Trial.unclear("the node does not let in who has a good certificate");
            }
            fleet.revoke(revoked.peerId().toString(), "stolen");
            journal.defender("revokes the key of a live session");
            int code = member.awaitClose(ENDED_WITHIN);
            if (!member.hasEnded() && code < 0) {
                return Trial.succeeded("the session of a revoked key goes on");
            }
            journal.defender("ends it with CLOSE " + code);
        }
        refused.put("whose key is revoked", new Visitor(revoked, good));

        List<Trial.Evidence> evidence = new ArrayList<>();
        evidence.add(Trial.line(node.name(), "PEER_REVOKED", "peer", revoked.peerId()));
        evidence.add(Trial.line(node.name(), "PEER_NOT_CERTIFIED", "peer", expired.peerId()));
        for (Map.Entry<String, Visitor> each : refused.entrySet()) {
            Visitor who = each.getValue();
            try (Guest guest = Guest.join(node.address(), source, who.key(), "member", who.chain())) {
                guest.send(Texts.direct(TEXT));
                Optional<Record> first = guest.receive(Handmade.PATIENCE);
                journal.defender("answers somebody " + each.getKey() + " with " + first);
                if (first.isPresent() && !(first.get() instanceof Record.Close)) {
                    return Trial.succeeded("the node answers somebody " + each.getKey() + " with " + first.get());
                }
                if (!(first.orElse(null) instanceof Record.Close close) || close.code() != NOT_TRUSTED) {
                    return Trial.unclear("somebody " + each.getKey() + " got " + first);
                }
            }
            evidence.add(Seen.refused(node, who.key().peerId().toString(), NOT_TRUSTED));
        }
        if (String.valueOf(node.call("GET", "/history?limit=20", null)).contains(TEXT)) {
            return Trial.succeeded("the node has kept what somebody sent whom it did not let in");
        }
        return Trial.failed(
                "the node let none of them in, and ended the session of the key that was revoked meanwhile",
                evidence.toArray(Trial.Evidence[]::new));
    }

    private record Visitor(IdentityKey key, List<byte[]> chain) {}

    private static Authority authority(Path directory, Instant at) throws Exception {
        return Authority.create(
                directory,
                directory.getFileName().toString(),
                YEAR,
                Authority.Algorithm.EC_P256,
                Optional.empty(),
                Clock.fixed(at, ZoneOffset.UTC));
    }

    private static List<byte[]> chain(Authority authority, IdentityKey key, Duration life) throws Exception {
        Applicant applicant = new Applicant(IdentitySignature.publicKey(key.spki()), List.of());
        Issued issued = authority.issue(applicant, List.of("member.fleet.example"), life, Optional.empty());
        return IdentityKey.certificates(issued.pem());
    }
}
