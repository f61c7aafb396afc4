package org.smscallbacks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Somebody else's bundle in the same container, with another Camel in it. */
public final class Neighbour implements BundleActivator {

    static final String NAME = "neighbour";

    private CamelContext camel;

    @Override
    public void start(BundleContext context) throws Exception {
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        thread.setContextClassLoader(Neighbour.class.getClassLoader());
        try {
            camel = new DefaultCamelContext();
            camel.getCamelContextExtension().setName(NAME);
            camel.addRoutes(new Greeting());
            camel.start();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public void stop(BundleContext context) {
        camel.stop();
    }

    /** Answers, as long as its Camel is in order. */
    public static final class Greeting extends RouteBuilder {

        @Override
        public void configure() {
            from("direct:greet").transform().simple("Good day, ${body}");
        }
    }

    /**
     * Makes the bundle.
     *
     * @param camel a folder with the jars of its Camel
     */
    static void bundle(Path camel, Path bundle) throws IOException {
        var jars = new ArrayList<Path>();
        try (var files = Files.list(camel)) {
            files.filter(file -> file.toString().endsWith(".jar")).forEach(jars::add);
        }
        var classPath = new StringBuilder(".");
        jars.forEach(jar -> classPath.append(",").append(jar.getFileName()));
        var manifest = new Manifest();
        var headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", NAME);
        headers.putValue("Bundle-Activator", Neighbour.class.getName());
        headers.putValue("Bundle-ClassPath", classPath.toString());
        headers.putValue(
                "Import-Package",
                "org.osgi.framework,org.slf4j,javax.management,javax.management.modelmbean,"
                        + "javax.management.openmbean,javax.xml.parsers,javax.xml.transform,org.w3c.dom,org.xml.sax");
        try (var out = new JarOutputStream(Files.newOutputStream(bundle), manifest)) {
            for (var type : new Class<?>[] {Neighbour.class, Greeting.class}) {
                add(out, type.getName().replace('.', '/') + ".class", Path.of("target/test-classes"));
            }
            for (var jar : jars) {
                add(out, jar.getFileName().toString(), camel);
            }
        }
    }

    private static void add(JarOutputStream out, String name, Path folder) throws IOException {
        out.putNextEntry(new JarEntry(name));
        Files.copy(folder.resolve(name), (OutputStream) out);
        out.closeEntry();
    }
}
