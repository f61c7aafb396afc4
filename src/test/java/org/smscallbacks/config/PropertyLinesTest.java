package org.smscallbacks.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.StringReader;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The lines of a properties file are what Java takes them for. */
class PropertyLinesTest {

    @Test
    void readsEveryLineThatJavaReads() throws Exception {
        var parts = List.of(
                "a", "sms.", "=", ":", " ", "\t", "\f", "\\", "\\\\", "\n", "\r\n", "\r", "#", "!", "\\=", "\\u0041");
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int part = random.nextInt(14); part > 0; part--) {
                text.append(parts.get(random.nextInt(parts.size())));
            }
            var expected = new Properties();
            expected.load(new StringReader(text.toString()));
            var read = new PropertyLines("x", text.toString()).readable();
            // a backslash before nothing at all: Java itself takes it for one or the other, by the end of the line
            expected.remove("");
            read.remove("");
            assertEquals(expected, read, () -> "in: " + text);
        }
    }

    @Test
    void takesWhateverJavaTakes() {
        var text = """
                # a comment \\
                ! another = one
                sms.a = 1
                  sms.b:2
                sms.c 3
                sms.d = one, \\
                    two, \\
                    # three

                sms.e=
                sms.f:
                sms.g=a=b:c \\\\
                sms.\\
                    h = 8
                sms.i.\\=x = 9
                camel.main.name = x
                """;
        var lines = new PropertyLines("x", text);
        assertDoesNotThrow(() -> lines.refuseOdd(List.of("sms.", "camel.")));
        assertEquals("one, two, # three", lines.readable().getProperty("sms.d"));
        assertEquals("8", lines.readable().getProperty("sms.h"));
    }
}
