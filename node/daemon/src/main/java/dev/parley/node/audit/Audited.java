package dev.parley.node.audit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What an event means; the table in {@code AUDIT.md} is made from it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Audited {
    /** When the event is recorded, in one or two sentences. */
    String value();

    Level level() default Level.INFO;
}
