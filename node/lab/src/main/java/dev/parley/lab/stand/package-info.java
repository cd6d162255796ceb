/** What an attack on live nodes is given: the nodes, as their operator, their network and their disk see them. */
package dev.parley.lab.stand;
