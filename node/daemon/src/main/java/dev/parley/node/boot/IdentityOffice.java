package dev.parley.node.boot;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.NodeEvent;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.control.IdentityKeeper;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.PeerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Prepares changes of the identity key, each for the next start, and hands the key out under a passphrase. */
@ApplicationScoped
class IdentityOffice implements IdentityKeeper {
    private final NodeHome home;
    private final ParleyConfig config;
    private final AuditLog audit;

    IdentityOffice(NodeHome home, ParleyConfig config, AuditLog audit) {
        this.home = home;
        this.config = config;
        this.audit = audit;
    }

    @Override
    public synchronized Course course() {
        var step = change().step(key());
        return new Course(
                step.map(each -> each.from()), step.flatMap(each -> change().graceEnd(key())), change().prepared());
    }

    @Override
    public synchronized PeerId rotate(Duration grace) throws IOException {
        refuseAFile();
        refuseASecond();
        var next = IdentityKey.generate(config.identity().bits(), new SecureRandom());
        change().prepareRotation(next, grace);
        tell(next.peerId(), "rotated");
        return next.peerId();
    }

    @Override
    public synchronized PeerId cancel() throws IOException {
        PeerId next = change().prepared()
                .orElseThrow(() -> new StateException("no other identity key is prepared: there is nothing to cancel"));
        change().cancel();
        audit.record(new NodeEvent.IdentityPreparationCancelled(key().peerId().toString(), next.toString()));
        return next;
    }

    @Override
    public synchronized String export(char[] passphrase) {
        try {
            var pem = new StringBuilder(key().toPemByScrypt(passphrase, new SecureRandom()));
            change().chain().forEach(each -> pem.append(IdentityKey.certificatePem(each)));
            audit.record(new NodeEvent.IdentityExported(key().peerId().toString()));
            return pem.toString();
        } finally {
            Arrays.fill(passphrase, '\0');
        }
    }

    @Override
    public synchronized PeerId importKey(String pem, char[] passphrase, boolean replace) throws IOException {
        IdentityKey imported;
        List<byte[]> certificates;
        try {
            refuseAFile();
            if (!IdentityKey.encrypted(pem)) {
                throw new IllegalArgumentException(
                        "the file has no encrypted private key: `parley identity export` makes one");
            }
            imported = IdentityKey.fromPem(pem, passphrase);
            certificates = IdentityKey.certificates(pem);
        } finally {
            Arrays.fill(passphrase, '\0');
        }
        if (imported.peerId().equals(key().peerId())) {
            throw new StateException("this node has this very identity already");
        }
        if (!replace) {
            throw new StateException("this node has an identity, " + key().peerId()
                    + ", which would be destroyed: say that it is to be replaced, or use an empty data directory");
        }
        refuseASecond();
        change().prepareImport(imported, certificates);
        tell(imported.peerId(), "imported");
        return imported.peerId();
    }

    /** A key that is prepared in the data directory would never take effect. */
    private void refuseAFile() {
        Optional<Path> file = config.identity().keyFile();
        if (file.isPresent()) {
            throw new StateException(
                    "this node's key is in " + file.get() + " (parley.identity.key-file), which the node only reads",
                    "to rotate, move the key to " + home.dataDirectory().resolve("identity.pem")
                            + " (mode 0600), unset parley.identity.key-file and start the node again; or have whoever makes that"
                            + " file make another key, for a node with a new id and a new data directory");
        }
    }

    private void refuseASecond() {
        Optional<PeerId> prepared = change().prepared();
        if (prepared.isPresent()) {
            throw new StateException(
                    "another identity key is prepared already, " + prepared.get(),
                    "start the node again, and it takes effect; or destroy it first: `parley identity rotate --cancel`");
        }
    }

    private void tell(PeerId next, String how) {
        audit.record(new NodeEvent.IdentityPrepared(key().peerId().toString(), next.toString(), how));
    }

    private IdentityChange change() {
        return home.identityChange();
    }

    private IdentityKey key() {
        return home.identityKey();
    }
}
