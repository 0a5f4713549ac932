import {
  to = modelarts_notebook.training
  identity = {
    region     = "cn-north-4"
    project_id = "06fd472945165ac04e7d6a710ff6ac16"
    id         = "a55eba18-1ebf-4e9a-8229-d2d3b593a3dc"
  }
}
