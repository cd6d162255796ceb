package dev.parley.node.boot;

import dev.parley.evidence.Allowance;
import dev.parley.node.control.NodeFacts;
import dev.parley.protocol.crypto.CertificateRequest;
import dev.parley.protocol.crypto.Identity;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Tells the admin API what only the life cycle knows. */
@ApplicationScoped
class LifecycleFacts implements NodeFacts {

    private final NodeLifecycle lifecycle;
    private final NodeHome home;

    LifecycleFacts(NodeLifecycle lifecycle, NodeHome home) {
        this.lifecycle = lifecycle;
        this.home = home;
    }

    @Override
    public boolean ready() {
        return lifecycle.isUp();
    }

    @Override
    public Identity identity() {
        return lifecycle.identity();
    }

    @Override
    public String certificateRequest(List<String> names) {
        return CertificateRequest.make(lifecycle.identityKey(), names);
    }

    @Override
    public String attackAllowance(Instant until) {
        return Allowance.sign(lifecycle.identityKey(), until).encode();
    }

    @Override
    public Instant startedAt() {
        return lifecycle.startedAt();
    }

    @Override
    public List<String> warnings() {
        return home.netLog().warnings();
    }

    @Override
    public boolean auditWritable() {
        return home.netLog().isWritable();
    }

    @Override
    public long auditLines() {
        return home.netLog().head().seq();
    }

    @Override
    public Optional<String> addressChange() {
        return home.addressChange();
    }

    @Override
    public OptionalInt managementPort() {
        return lifecycle.managementPort();
    }
}
