package dev.parley.client;

import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The entry of the Quarkus application, {@code java -jar quarkus-run.jar}. */
@QuarkusMain
public final class App implements QuarkusApplication {
    @Override
    public int run(String... arguments) {
        return Main.run(arguments);
    }
}
