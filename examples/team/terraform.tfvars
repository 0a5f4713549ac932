members = {
  alice = {
    key_pair  = "alice"
    addresses = ["203.0.113.7"]
  }
  bob = {
    key_pair  = "bob"
    addresses = ["203.0.113.8", "198.51.100.20"]
    flavor    = "modelarts.vm.cpu.4u"
    disk      = 50
  }
}
