-- The state of Prefect's server has a database of its own beside the warehouse.
CREATE DATABASE prefect;
