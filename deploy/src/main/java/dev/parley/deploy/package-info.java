/**
 * What the manifests are held against, and what plays them where there is no cluster. Nothing here is shipped, and nothing
 * depends on another module.
 */
package dev.parley.deploy;
