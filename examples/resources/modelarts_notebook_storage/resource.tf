resource "modelarts_notebook_storage" "lake" {
  notebook_id = "f9937afa-4451-42db-a76b-72d624749f66"
  category    = "OBSFS"
  uri         = "obs://team-data/lake/"
  mount_path  = "/data/lake/"
}
