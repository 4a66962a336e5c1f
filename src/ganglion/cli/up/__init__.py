"""`ganglion up`: a whole network on one machine, from nothing to paid miners, in one command.

A chain node, validators and miners run as processes of their own, just as they would on many machines; this
package starts them, sets up the subnet by ordinary signed extrinsics through the official SDK, watches the
chain, and stops everything at the end.
"""
