package dev.parley.lab.attack.thief;

import dev.parley.lab.Attack;
import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.weak.Shelf;
import dev.parley.lab.foe.Burglar;
import dev.parley.lab.foe.FileSender;
import dev.parley.lab.foe.Guest;
import dev.parley.lab.foe.Handmade;
import dev.parley.lab.foe.Source;
import dev.parley.lab.foe.Stranger;
import dev.parley.lab.foe.Texts;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.wire.Record;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Has the whole disk of a node whose identity is under a passphrase. */
public final class StolenDisk implements Attack {
    private static final int NUMBER = 21;
    private static final String IN = "what came is for the node's operator alone";
    private static final String OUT = "what was sent is for its receiver alone";
    private static final String NAME = "plans-for-the-garden.txt";
    private static final String CONTENT = "roses in the corner that nobody looks into, and a bench";
    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "stolen-disk",
            "the disk of a node, without the passphrase of its identity",
            Position.THIEF,
            "Every file in the data directory of a node whose identity.pem is under a passphrase; not the passphrase.",
            List.of(
                    "Have a peer send the node a message and a file, and the node a message to the peer.",
                    "Stop the node and take its disk: the store and its journal, the spool, net.log, everything.",
                    "Look in each file for the texts, the file's name and its content, in UTF-8 and UTF-16, base64 and hex; and for the peer's id,"
                            + " which is no secret, to see that the search finds what is there.",
                    "Try to read the identity key."),
            "What is stored in the clear is read by whoever has the disk. A node seals texts, names and contents under a key that its identity key"
                    + " wraps. Who is known, when messages came, their sizes and their ciphertexts are on the disk for the thief to see. Without a"
                    + " passphrase on identity.pem the disk has its own key lying on it: the thief of the whole of it then reads everything.",
            List.of("CWE-312 (cleartext storage)", "OWASP Cryptographic Storage Cheat Sheet"),
            "a shelf that keeps messages as they are",
            Set.of(Defence.SEALED_STORE),
            List.of(Defence.SEALED_STORE),
            "no close: it is stopped, and its disk read",
            Set.of("MESSAGE_RECEIVED", "MESSAGE_SENT", "FILE_COMPLETED"),
            "thief-disk",
            Duration.ofSeconds(120));

    @Override
    public Dossier dossier() {
        return DOSSIER;
    }

    @Override
    public Set<Defence> concerns() {
        return Shelf.SWITCHES;
    }

    @Override
    public Trial againstControl(Set<Defence> without, Journal journal) throws Exception {
        Path directory = Files.createTempDirectory("parley-lab-shelf-");
        try {
            Shelf shelf = new Shelf(directory, without);
            shelf.keep(IN);
            Optional<String> found = Burglar.find(directory, IN);
            found.ifPresent(where -> journal.attacker("reads the message in " + where));
            return found.isPresent()
                    ? Trial.succeeded("the message is on the disk as it was said")
                    : Trial.failed("the message is nowhere on the disk");
        } finally {
            Burglar.delete(directory);
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode carol = stand.add(
                "carol",
                Map.of(
                        "PARLEY_IDENTITY_PASSPHRASE",
                        UUID.randomUUID().toString(),
                        "PARLEY_TRUST_MODE",
                        "first-use",
                        "PARLEY_FILES_ACCEPT",
                        "trusted"));
        String peer;
        try (Stranger honest = new Stranger(carol)) {
            peer = honest.peerId();
            try (Guest guest = Guest.join(carol.address(), Source.fresh(NUMBER), honest.key(), "dave")) {
                if (!guest.isLetIn(Handmade.PATIENCE)) {
                    return Trial.unclear("the node does not let an honest peer in");
                }
                if (guest.deliver(Texts.direct(IN), Handmade.PATIENCE).isEmpty()) {
                    return Trial.unclear("the node did not take an honest message");
                }
                Record.FileStatus status =
                        FileSender.send(guest, NAME, CONTENT.getBytes(StandardCharsets.UTF_8), Handmade.PATIENCE);
                if (status != Record.FileStatus.COMPLETE) {
                    return Trial.unclear("the node did not take an honest file: " + status);
                }
                carol.call("POST", "/messages", Map.of("to", peer, "text", OUT));
                if (guest.await(Record.Message.class, message -> true, Handmade.PATIENCE)
                        .isEmpty()) {
                    return Trial.unclear("the node did not send its operator's message");
                }
                guest.leave();
            }
            // Still known when the disk is taken: with the node stopped there is nobody to be told to forget.
            carol.stop();
        }
        Path disk = carol.dataDirectory();
        if (Burglar.find(disk, peer).isEmpty()) {
            return Trial.unclear("the search does not even find the peer's id, which is no secret");
        }
        for (String secret : List.of(IN, OUT, NAME, CONTENT)) {
            Optional<String> found = Burglar.find(disk, secret);
            if (found.isPresent()) {
                return Trial.succeeded("\"" + secret + "\" can be read in " + found.get());
            }
        }
        journal.attacker("has looked through every file for texts, the name and the content, and found none");
        String pem = Files.readString(disk.resolve("identity.pem"));
        try {
            IdentityKey.fromPem(pem);
            return Trial.succeeded("the identity key can be read without its passphrase");
        } catch (IllegalArgumentException encrypted) {
            journal.attacker("cannot read the identity key: " + encrypted.getMessage());
        }
        return Trial.failed(
                "no text, file name or content is on the disk, and the identity key is encrypted",
                Trial.line("carol", "MESSAGE_RECEIVED", "peer", peer),
                Trial.line("carol", "MESSAGE_SENT", "peer", peer),
                Trial.line("carol", "FILE_COMPLETED", "peer", peer));
    }
}
