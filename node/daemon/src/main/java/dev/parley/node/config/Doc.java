package dev.parley.node.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a configuration key means. The table in {@code CONFIGURATION.md} and the range check at start are both made
 * from this, so that the documented range is the enforced one.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Doc {
    /** The meaning, one or two sentences. */
    String value();

    /** The unit of a plain number, for example {@code connections}; empty for what carries its own unit. */
    String unit() default "";

    /** The least permitted number, duration ({@code 1s}) or size ({@code 16K}); empty for no bound. */
    String min() default "";

    /** The greatest permitted number, duration or size; empty for no bound. */
    String max() default "";

    /** The permitted values in words, where they are not an interval. */
    String range() default "";
}
