"""Starting the hub on this machine: its proxy, its folder, its ports, its processes, and their end."""
