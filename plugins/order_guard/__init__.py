"""The order guard: inside Saleor, it refuses the checkouts that break a rule of the suite when they become orders.

The suite checks bundles, serviceability and pickup, then writes a seal to the checkout's private metadata. This
package holds the seal (`seal`, pure, used on both sides) and the plugin (`plugin`), which is the one module that
imports Saleor. It runs in Saleor's environment and needs nothing that Saleor does not install.
"""
