package org.smscallbacks.karaf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.Level;

/** What the shipped rules let into a log. */
class LogRulesTest {

    private LogRules rules;

    @BeforeEach
    void read() throws Exception {
        var log4j = new Properties();
        try (var file = Files.newBufferedReader(Path.of("config/log4j2.properties"))) {
            log4j.load(file);
        }
        rules = new LogRules(log4j);
    }

    @ParameterizedTest
    @CsvSource({
        "org.apache.camel.impl.engine.AbstractCamelContext, WARN, INFO",
        "org.apache.activemq.artemis.core.server, WARN, INFO",
        "org.apache.hc.client5.http.impl.classic.HttpRequestRetryExec, WARN, INFO",
        "nodots, WARN, INFO",
    })
    void allowLibrariesFromALevelOn(String logger, Level allowed, Level tooLittle) {
        assertTrue(rules.of(logger).allows(Level.ERROR));
        assertTrue(rules.of(logger).allows(allowed));
        assertFalse(rules.of(logger).allows(tooLittle));
    }

    @Test
    void leaveItToTheContainerWhatWeWrite() {
        assertTrue(rules.of("org.smscallbacks.Gateway").allows(Level.TRACE));
    }

    @Test
    void turnOffWhatShowsBodiesAndWhatHasALineForEachMessage() {
        for (var logger : new String[] {
            "org.apache.camel.processor.FatalFallbackErrorHandler", "org.apache.activemq.audit.message"
        }) {
            assertFalse(rules.of(logger).allows(Level.ERROR), logger);
        }
        assertTrue(rules.of("org.apache.camel.processor").allows(Level.ERROR));
    }

    @ParameterizedTest
    @CsvSource({
        "org.apache.activemq.artemis.core.server, AMQ222018: no libaio, true",
        "org.apache.activemq.artemis.core.server, AMQ222010: Critical IO Error, false",
        "org.apache.camel.component.jms.DefaultJmsMessageListenerContainer, Could not refresh JMS Connection for it, true",
        "org.apache.camel.component.jms.DefaultJmsMessageListenerContainer, Something else, false",
        "org.smscallbacks.Gateway, AMQ222018: no libaio, false",
    })
    void denyRoutine(String logger, String message, boolean denied) {
        assertEquals(denied, rules.of(logger).denies(message + "\nand more"));
    }
}
