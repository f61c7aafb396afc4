package org.smscallbacks;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the id of every step that any gateway in this JVM runs into its log, once; the tests add it to the configuration as a bean of Camel's. */
public final class StepsRun implements InterceptStrategy, CamelContextAware {

    static final String WORDS = "This step ran: ";

    private static final Logger LOG = LoggerFactory.getLogger(StepsRun.class);

    private static final Set<String> RAN = ConcurrentHashMap.newKeySet();

    private CamelContext context;

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
        context.getCamelContextExtension().addInterceptStrategy(this);
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor nextTarget) {
        return new DelegateAsyncProcessor(exchange -> {
            if (RAN.add(step.getId())) {
                LOG.info("{}{}", WORDS, step.getId());
            }
            target.process(exchange);
        });
    }
}
