/**
 * The HTTP edge: routes, the life of one request, request target, CGI environment, request body, response writer, files, failure mapping.
 *
 * <p>Imports functions, admission, balancer, worker, fastcgi, telemetry; nobody imports it but {@code lifecycle}.
 */
package dev.relais.gateway;
