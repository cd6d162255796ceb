package dev.parley.node.control;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Waiting for services that answer later; resources run on virtual threads, so waiting costs nothing. */
final class Stages {
    private Stages() {}

    /** The value; throws what the stage failed with, as it was. */
    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
