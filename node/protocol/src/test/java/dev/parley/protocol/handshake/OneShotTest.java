package dev.parley.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.protocol.Vectors;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.Record;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class OneShotTest {
    @Test
    void everyStateIsLeftByItsFirstUse() throws Exception {
        Sent<AwaitAccept> hello = AwaitAccept.begin(local("initiator_rsa2048"));
        AwaitHello awaitHello = new AwaitHello(local("responder_rsa3072"));
        byte[] helloBody = VectorHandshake.body(hello.frame());
        AwaitHello.HelloReceived helloReceived = awaitHello.hello(helloBody);
        throwsAtOnce(() -> awaitHello.hello(helloBody));

        Sent<AwaitIdentify> accept = helloReceived.accept();
        throwsAtOnce(helloReceived::accept);
        byte[] acceptBody = VectorHandshake.body(accept.frame());
        ResponderClaimed claimed = hello.next().accept(acceptBody, Optional.empty());
        throwsAtOnce(() -> hello.next().accept(acceptBody, Optional.empty()));

        Sent<AwaitConfirm> identify = claimed.identify();
        throwsAtOnce(claimed::identify);
        throwsAtOnce(() -> claimed.alert(Failure.NOT_TRUSTED));
        byte[] identifyBody = VectorHandshake.body(identify.frame());
        AwaitIdentify.WrapReceived wrap = accept.next().identify(identifyBody);
        throwsAtOnce(() -> accept.next().identify(identifyBody));
        throwsAtOnce(() -> accept.next().alert(identifyBody));

        Sent<AwaitReady> confirm = wrap.confirm();
        throwsAtOnce(wrap::confirm);
        byte[] confirmBody = VectorHandshake.body(confirm.frame());
        identify.next().confirm(confirmBody);
        throwsAtOnce(() -> identify.next().confirm(confirmBody));
        throwsAtOnce(() -> identify.next().alert(confirmBody));
        confirm.next().ready(new Record.Ready(Limits.MAX_PLAINTEXT_USUAL));
        throwsAtOnce(() -> confirm.next().ready(new Record.Ready(Limits.MAX_PLAINTEXT_USUAL)));
    }

    private static Local local(String name) {
        IdentityKey key = Vectors.key(name);
        return new Local(
                key,
                Identity.of(key, name, "", List.of()),
                List.of(Suite.A256GCM),
                Limits.MAX_PLAINTEXT_USUAL,
                Crypto.best(),
                new SecureRandom());
    }

    private static void throwsAtOnce(ThrowingCallable again) {
        assertThatThrownBy(again).isInstanceOf(IllegalStateException.class).hasMessageContaining("used already");
    }
}
