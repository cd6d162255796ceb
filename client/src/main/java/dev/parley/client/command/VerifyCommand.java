package dev.parley.client.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code parley verify}: make sure that nobody is between this node and a peer. */
@Command(
        name = "verify",
        description = {
            "Compare the keys of this node and a peer with its operator, over another channel, and note that they are the same.",
            "Both see the same number, words and QR code. The number and the code are stronger than the words."
        })
public final class VerifyCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "PEER", description = PeerRef.DESCRIPTION)
    private String peer;

    @Mixin
    private Verification verification = new Verification();

    public VerifyCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        return verification.run(context, peer);
    }
}
