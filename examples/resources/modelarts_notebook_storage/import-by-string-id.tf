import {
  to = modelarts_notebook_storage.lake
  id = "f9937afa-4451-42db-a76b-72d624749f66/0b6a3a4e-5a0f-4c57-9a65-0c8e6f5f9e3d"
}
