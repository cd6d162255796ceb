package dev.parley.client.command;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 500k}, {@code 20m}, {@code 10g}; a bare number is bytes. */
final class SizeConverter implements ITypeConverter<Long> {
    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,9})([kmgt]?)(ib|b)?");

    @Override
    public Long convert(String value) {
        Matcher match = SHAPE.matcher(value.toLowerCase(Locale.ROOT));
        if (!match.matches()) {
            throw new TypeConversionException("'" + value + "' is not a size: expected one like 500m or 10g");
        }
        int shift = match.group(2).isEmpty() ? 0 : 10 * ("kmgt".indexOf(match.group(2)) + 1);
        return Long.parseLong(match.group(1)) << shift;
    }
}
