package dev.parley.node.control;

import com.sun.security.auth.module.UnixSystem;
import io.quarkus.test.Mock;
import io.vertx.core.http.HttpConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Most tests speak to the admin API over TCP, where the kernel knows no caller: takes them for the node's own user. */
@Mock
@ApplicationScoped
class TcpCallerIdentity extends CallerIdentity {
    static final Caller OWN = new Caller((int) new UnixSystem().getUid(), 7, 4711);

    /** Who calls over TCP; a test that changes it puts it back. */
    static volatile Caller pretended = OWN;

    @Override
    Optional<Caller> of(HttpConnection connection) {
        return super.of(connection).or(() -> Optional.ofNullable(pretended));
    }
}
